-- One row is one exact statement that no second origin carries and that does not fit: `doubt` names the rule.
--   equals_other_count       the number of another count of the same organisation around that day, where its own
--                            neighbours do not have it there
--   out_of_line              a stock on one side of the figures before and after, which agree with each other
--   cumulative_falls         a running total below one before it, or above one after it
--   dated_after_publication  a figure of a day that had not come when it was published
--   stale                    a number of before the last supported one, which had been published: told of a new day
--   dated_otherwise          the number of a supported figure, which one outlet gives to another day close by
--   more_released_than_held  releases of a short window above the stock before it
-- Neighbours are the nearest supported figures, and the nearest of all. Parameters: 08_standing_parameters.sql.
-- `source` holds what `told_from` gives: all of each organisation that it has any of.
CREATE MACRO doubts_from(source) AS TABLE
WITH lone AS MATERIALIZED (
    SELECT claim_id, point, series, kind, as_of, published, value
    FROM query_table(source) ANTI JOIN (FROM organisations WHERE unnamed) USING (situation, organisation)
    WHERE alone AND kind IN ('stock', 'cumulative')
),
chosen AS ( -- of each moment the best supported exact figure
    SELECT point, series, struct_pack(as_of := as_of, value := value, published := published) AS mark, supported
    FROM (FROM query_table(source) SEMI JOIN (SELECT DISTINCT series FROM lone) AS judged USING (series))
    WHERE low = high AND NOT withdrawn
    QUALIFY row_number() OVER (
        PARTITION BY point
        ORDER BY grade, NOT dated, NOT supported, kind = 'cumulative' AND published - as_of > update_days(), value DESC
    ) = 1
),
around AS (
    SELECT
        point,
        last_value(CASE WHEN supported THEN mark END IGNORE NULLS) OVER before AS firm_before,
        first_value(CASE WHEN supported THEN mark END IGNORE NULLS) OVER after AS firm_after,
        max(CASE WHEN supported THEN mark.as_of END) OVER same AS told_before,
        lag(mark) OVER line AS before, lag(mark, 2) OVER line AS before_that,
        lead(mark) OVER line AS after, lead(mark, 2) OVER line AS after_that
    FROM chosen
    WINDOW
        same AS (PARTITION BY series, mark.value ORDER BY mark.as_of ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        line AS (PARTITION BY series ORDER BY mark.as_of),
        before AS (PARTITION BY series ORDER BY mark.as_of ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        after AS (PARTITION BY series ORDER BY mark.as_of ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
),
measured AS (
    SELECT
        lone.*, around.* EXCLUDE (point),
        strays(lone.value, firm_before, firm_after, is_round(lone.value) AND lone.value >= 200) AS strays_from_firm,
        strays(lone.value, before, after, false) AND least(abs(lone.value - before.value), abs(lone.value - after.value))
            > abs(before.value - after.value) AS strays_from_next,
        CASE
            WHEN firm_before IS NOT NULL AND firm_after IS NOT NULL THEN strays_from_firm
            ELSE leaps(lone.value, lone.as_of, coalesce(firm_before, firm_after, before, after))
        END AS elsewhere
    FROM lone JOIN around USING (point)
),
lines AS (
    SELECT
        claim_id,
        CASE WHEN kind = 'stock' THEN strays_from_firm OR strays_from_next END AS strays,
        CASE WHEN kind = 'cumulative' THEN
            falls(value, firm_before.value, firm_after.value) OR falls(value, before.value, after.value)
            OR coalesce(value < firm_before.value AND firm_after IS NULL, false)
            OR coalesce(value > firm_after.value AND firm_before IS NULL, false)
            OR coalesce(after IS NULL AND value < before.value AND value < before_that.value, false)
            OR coalesce(before IS NULL AND value > after.value AND value > after_that.value, false)
        END AS falls,
        as_of > published AS too_early,
        coalesce(
            told_before < firm_before.as_of AND as_of - told_before <= repeat_days() AND value >= equal_people()
            AND firm_before.published <= published AND published - as_of <= window_days(), false
        ) AS stale,
        coalesce(value = firm_before.value AND as_of - firm_before.as_of <= other_day(), false)
            OR coalesce(value = firm_after.value AND firm_after.as_of - as_of <= other_day()
                AND (kind = 'stock' OR published > firm_after.as_of), false) AS other_day,
        coalesce(elsewhere, false) AS elsewhere
    FROM measured
),
counts AS ( -- people held, and what else the organisation counts, by the number
    SELECT
        measure = 'in_custody' AS held, as_of, claim_id,
        hash(situation, organisation, population, breakdown, value) AS number
    FROM query_table(source)
    WHERE low = high AND NOT withdrawn AND value >= equal_people() AND (kind = 'cumulative' OR (measure = 'in_custody' AND baseline IS NULL))
),
equal AS (
    SELECT DISTINCT one.claim_id
    FROM (FROM counts SEMI JOIN lone USING (claim_id)) AS one
    JOIN counts AS other ON other.number = one.number AND other.held <> one.held
    WHERE abs(other.as_of - one.as_of) <= equal_days()
),
windows AS (
    SELECT claim_id, situation, organisation, population, period_start, low
    FROM query_table(source)
    WHERE measure IN ('released', 'released_to_date') AND breakdown = 'total' AND alone
        AND as_of - period_start <= window_days()
),
held AS (
    SELECT situation, organisation, population, as_of, max(high) AS high
    FROM query_table(source)
    WHERE measure = 'in_custody' AND breakdown = 'total' AND baseline IS NULL AND supported AND low = high
        AND NOT withdrawn
    GROUP BY ALL
),
exceeding AS (
    SELECT claim_id
    FROM windows ASOF JOIN held
        ON held.situation = windows.situation AND held.organisation = windows.organisation
        AND held.population = windows.population AND windows.period_start >= held.as_of
    WHERE windows.period_start - held.as_of <= window_days() AND windows.low > held.high
)
SELECT
    claim_id,
    CASE
        WHEN equal.claim_id IS NOT NULL AND (elsewhere OR strays OR falls) THEN 'equals_other_count'
        WHEN strays THEN 'out_of_line'
        WHEN falls THEN 'cumulative_falls'
        WHEN too_early THEN 'dated_after_publication'
        WHEN stale THEN 'stale'
        WHEN other_day THEN 'dated_otherwise'
        WHEN exceeding.claim_id IS NOT NULL THEN 'more_released_than_held'
    END AS doubt
FROM lines
FULL JOIN equal USING (claim_id)
FULL JOIN exceeding USING (claim_id)
WHERE doubt IS NOT NULL;
