-- One row is one span of days of one exact statement that no second origin carries, and the rule that it does not fit
-- then (`doubt`), or null. Of a statement that is never in doubt there is no row.
--   equals_other_count       the number of another count of the same organisation around that day, where its own
--                            neighbours do not have it there
--   out_of_line              a stock on one side of the figures before and after, which agree with each other
--   cumulative_falls         a running total below one before it, or above one after it
--   dated_after_publication  a figure of a day that had not come when it was published
--   stale                    a number of before the last supported one, which had been published: told of a new day
--   dated_otherwise          the number of a supported figure, which one outlet gives to another day close by
--   more_released_than_held  releases of a short window above the stock before it
-- Neighbours are the nearest supported figures, and the nearest of all (`neighbours`, found by `neighbours.py`).
-- Parameters: 08_standing_parameters.sql.
CREATE OR REPLACE TEMP TABLE doubt_lives AS
WITH measured AS (
    SELECT
        lone.told, lone.kind, lone.as_of, lone.published, lone.value, around.* EXCLUDE (told),
        strays(lone.value, firm_before, firm_after, is_round(lone.value) AND lone.value >= 200) AS strays_from_firm,
        strays(lone.value, before, after, false) AND least(abs(lone.value - before.value), abs(lone.value - after.value))
            > abs(before.value - after.value) AS strays_from_next,
        CASE
            WHEN firm_before IS NOT NULL AND firm_after IS NOT NULL THEN strays_from_firm
            ELSE leaps(lone.value, lone.as_of, coalesce(firm_before, firm_after, before, after))
        END AS elsewhere
    FROM lone_lives AS lone JOIN neighbours AS around USING (told)
),
lines AS MATERIALIZED (
    SELECT
        told, known_from, known_until,
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
        told, measure = 'in_custody' AS held, as_of, known_from, known_until,
        hash(situation, organisation, population, breakdown, value) AS number
    FROM told_lives
    WHERE low = high AND NOT withdrawn AND value >= equal_people() AND (kind = 'cumulative' OR (measure = 'in_custody' AND baseline IS NULL))
),
equal AS (
    SELECT
        one.told, greatest(lines.known_from, other.known_from) AS known_from,
        least(lines.known_until, other.known_until) AS known_until
    FROM (FROM lines WHERE elsewhere OR strays OR falls) AS lines
    JOIN counts AS one USING (told)
    JOIN counts AS other ON other.number = one.number AND other.held <> one.held
    WHERE abs(other.as_of - one.as_of) <= equal_days()
        AND other.known_from < lines.known_until AND lines.known_from < other.known_until
),
windows AS (
    SELECT
        told, situation, organisation, population, period_start, low, known_from, known_until,
        unnest([month_of(period_start), month_of(period_start) - 1]) AS stretch
    FROM told_lives
    WHERE measure IN ('released', 'released_to_date') AND breakdown = 'total' AND alone
        AND as_of - period_start <= window_days()
),
held AS (
    SELECT
        situation, organisation, population, as_of, high, known_from, known_until, month_of(as_of) AS stretch
    FROM told_lives
    WHERE measure = 'in_custody' AND breakdown = 'total' AND baseline IS NULL AND supported AND low = high
        AND NOT withdrawn
),
held_before AS (
    SELECT
        windows.told, windows.low, windows.known_until AS told_until, held.as_of, held.high,
        greatest(windows.known_from, held.known_from) AS known_from, least(windows.known_until, held.known_until) AS known_until
    FROM windows JOIN held USING (situation, organisation, population, stretch)
    WHERE held.as_of <= windows.period_start AND windows.period_start - held.as_of <= window_days()
        AND held.known_from < windows.known_until AND windows.known_from < held.known_until
),
held_spans AS (
    SELECT told, low, day, lead(day, 1, told_until) OVER (PARTITION BY told ORDER BY day) AS next_day
    FROM (SELECT DISTINCT told, low, told_until, unnest([known_from, known_until]) AS day FROM held_before)
    WHERE day < told_until
),
exceeding AS (
    SELECT held_spans.told, day AS known_from, next_day AS known_until
    FROM held_spans JOIN held_before
        ON held_before.told = held_spans.told AND held_before.known_from <= day AND day < held_before.known_until
    GROUP BY held_spans.told, held_spans.low, day, next_day
    HAVING held_spans.low > max(struct_pack(as_of := held_before.as_of, high := held_before.high)).high
),
found AS MATERIALIZED ( -- of several rules the first counts
    SELECT told, 1 AS rule, known_from, known_until FROM equal
    UNION ALL
    SELECT
        told, CASE WHEN strays THEN 2 WHEN falls THEN 3 WHEN too_early THEN 4 WHEN stale THEN 5 ELSE 6 END, known_from, known_until
    FROM lines
    WHERE strays OR falls OR too_early OR stale OR other_day
    UNION ALL
    SELECT told, 7, known_from, known_until FROM exceeding
),
spans AS (
    SELECT told, day, lead(day) OVER (PARTITION BY told ORDER BY day) AS next_day
    FROM (
        SELECT told, unnest([known_from, known_until]) AS day FROM found
        UNION
        SELECT told, unnest([known_from, known_until]) FROM told_lives SEMI JOIN found USING (told)
    )
)
SELECT
    spans.told, day AS known_from, next_day AS known_until,
    CASE min(rule)
        WHEN 1 THEN 'equals_other_count'
        WHEN 2 THEN 'out_of_line'
        WHEN 3 THEN 'cumulative_falls'
        WHEN 4 THEN 'dated_after_publication'
        WHEN 5 THEN 'stale'
        WHEN 6 THEN 'dated_otherwise'
        WHEN 7 THEN 'more_released_than_held'
    END AS doubt
FROM spans
LEFT JOIN found ON found.told = spans.told AND found.known_from <= day AND day < found.known_until
WHERE next_day IS NOT NULL
GROUP BY spans.told, day, next_day;
