-- One row is one organisation's headline for one measure: the newest total that stands without a doubt and rests on
-- something, and beside it the newest one that was passed over (`passed_reason`: in_doubt, not_confirmed). Where that is
-- in doubt, the newest one that only lacks a confirmation is named too (`unconfirmed_claim`): a doubt does not hide it.
-- It rests on a reading (`read_again` in its source, `read_again_in_copy` in another carrier of the same statement,
-- `read_in_address` where that holds the number), on `two_origins` that carried it, or on being `first_hand`. A running total
-- is the one counted from the situation's own baseline where the organisation has it, else the one told last, and none that
-- does not say since when; a stock is of everyone in it. `period_start`: where the window of a flow starts. Through each span
-- of days.
CREATE TEMP TABLE totals_told AS
WITH statement_spans AS NOT MATERIALIZED (
    FROM statements_stored UNION ALL FROM statements_ended
),
rules AS (
    SELECT
        situation, baseline AS usual_start, settings ->> 'default_population' AS default_population,
        settings -> 'measure_populations' AS populations, (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance
    FROM situations
),
series AS ( -- of one organisation's series of one measure, a headline is about the one of the highest rank
    SELECT
        *,
        CASE population = coalesce(populations ->> measure, default_population) WHEN true THEN 1 WHEN false THEN 0 ELSE -1 END
            AS expected,
        coalesce(abs(baseline - usual_start) <= tolerance, false) AS usual,
        count(*) OVER (PARTITION BY situation, organisation, measure) > 1 AS several,
        -dense_rank() OVER (ORDER BY population, baseline) AS turn
    FROM (
        SELECT DISTINCT situation, organisation, measure::VARCHAR AS measure, population, baseline
        FROM statement_spans
        WHERE breakdown = 'total' AND kind <> 'promise' AND standing = 'stands' AND value IS NOT NULL
            AND (kind <> 'cumulative' OR baseline IS NOT NULL)
    )
    JOIN rules USING (situation)
)
SELECT
    row_number() OVER () AS total, hash(told.situation, told.organisation, told.measure::VARCHAR) AS key,
    told.situation, told.organisation, told.measure::VARCHAR AS measure, told.kind, told.population, told.baseline,
    told.period_start,
    told.qualifier::VARCHAR AS qualifier, told.value, told.value_high, told.as_of,
    told.as_of_precision::VARCHAR AS as_of_precision, told.published, told.provenance::VARCHAR AS provenance,
    told.checked, told.checked_on, told.origins,
    CASE
        WHEN told.checked IS NOT NULL THEN told.checked
        WHEN told.origins > 1 THEN 'two_origins'
        WHEN told.provenance = 'primary' THEN 'first_hand'
    END AS rests_on,
    told.publisher, told.url, told.claim_id, told.doubt,
    series.several, hash(series.population, series.baseline) AS series,
    struct_pack(
        expected := expected, usual := usual,
        told_last := coalesce(CASE WHEN NOT usual THEN told.as_of END, DATE '-infinity'), turn := turn
    ) AS rank,
    told.known_from, told.known_until
FROM statement_spans AS told
SEMI JOIN (FROM organisations WHERE NOT unnamed) AS named USING (situation, organisation)
JOIN series
    ON series.situation = told.situation AND series.organisation = told.organisation
    AND series.measure = told.measure::VARCHAR AND series.population IS NOT DISTINCT FROM told.population
    AND series.baseline IS NOT DISTINCT FROM told.baseline
WHERE told.breakdown = 'total' AND told.kind <> 'promise' AND told.standing = 'stands' AND told.value IS NOT NULL
    AND (told.kind <> 'stock' OR told.baseline IS NULL)
    AND (told.kind <> 'cumulative' OR told.baseline IS NOT NULL);

CREATE TABLE headline_spans AS
WITH heads_told AS (
    SELECT key, rank, series AS choice, known_from, known_until FROM totals_told WHERE several
),
heads AS (
    FROM best_through('heads_told')
),
counting AS (
    SELECT
        totals.* REPLACE (
            greatest(totals.known_from, coalesce(heads.known_from, totals.known_from)) AS known_from,
            least(totals.known_until, coalesce(heads.known_until, totals.known_until)) AS known_until
        ),
        doubt IS NULL AND rests_on IS NOT NULL AS usable,
        row(as_of, published, -dense_rank() OVER (ORDER BY claim_id)) AS newest
    FROM totals_told AS totals
    LEFT JOIN heads
        ON totals.several AND heads.key = totals.key AND heads.choice = totals.series
        AND heads.known_from < totals.known_until AND totals.known_from < heads.known_until
    WHERE (NOT totals.several OR heads.key IS NOT NULL) AND as_of IS NOT NULL
),
usable AS (
    SELECT key, newest AS rank, total AS choice, known_from, known_until FROM counting WHERE usable
),
passed AS (
    SELECT key, newest AS rank, total AS choice, known_from, known_until FROM counting WHERE NOT usable
),
unconfirmed AS (
    FROM passed SEMI JOIN (FROM totals_told WHERE doubt IS NULL) AS undoubted ON undoubted.total = passed.choice
),
together AS (
    SELECT key, choice AS usable, NULL AS passed, NULL AS unconfirmed, known_from, known_until FROM best_through('usable')
    UNION ALL
    SELECT key, NULL, choice, NULL, known_from, known_until FROM best_through('passed')
    UNION ALL
    SELECT key, NULL, NULL, choice, known_from, known_until FROM best_through('unconfirmed')
),
beside AS (
    SELECT
        any_value(usable) AS usable, any_value(passed) AS passed, any_value(unconfirmed) AS unconfirmed,
        known_from AS starts, known_until AS ends
    FROM sliced('together') GROUP BY key, known_from, known_until
),
met AS (
    SELECT
        coalesce(usable.situation, passed.situation) AS situation,
        coalesce(usable.organisation, passed.organisation) AS organisation,
        coalesce(usable.measure, passed.measure) AS measure, coalesce(usable.kind, passed.kind) AS kind,
        coalesce(usable.population, passed.population) AS population, coalesce(usable.baseline, passed.baseline) AS baseline,
        usable.period_start, usable.qualifier, usable.value, usable.value_high, usable.as_of, usable.as_of_precision, usable.published,
        usable.provenance, usable.checked, usable.checked_on, usable.origins, usable.rests_on,
        usable.publisher, usable.url, usable.claim_id,
        CASE WHEN coalesce(passed.as_of > usable.as_of, passed.total IS NOT NULL) THEN
            struct_pack(
                qualifier := passed.qualifier, value := passed.value, value_high := passed.value_high, as_of := passed.as_of,
                published := passed.published, claim_id := passed.claim_id, doubt := passed.doubt
            )
        END AS beside_it,
        CASE WHEN passed.doubt IS NOT NULL AND coalesce(unconfirmed.as_of > usable.as_of, true) THEN unconfirmed.claim_id END
            AS unconfirmed_claim,
        starts AS known_from, ends AS known_until
    FROM beside
    LEFT JOIN totals_told AS usable ON usable.total = beside.usable
    LEFT JOIN totals_told AS passed ON passed.total = beside.passed
    LEFT JOIN totals_told AS unconfirmed ON unconfirmed.total = beside.unconfirmed
)
SELECT
    * EXCLUDE (beside_it, unconfirmed_claim, known_from, known_until),
    beside_it.qualifier AS passed_qualifier, beside_it.value AS passed_value, beside_it.value_high AS passed_value_high,
    beside_it.as_of AS passed_as_of, beside_it.published AS passed_published, beside_it.claim_id AS passed_claim,
    CASE WHEN beside_it.doubt IS NOT NULL THEN 'in_doubt' WHEN beside_it IS NOT NULL THEN 'not_confirmed' END AS passed_reason,
    unconfirmed_claim,
    known_from, known_until
FROM met;
DROP TABLE totals_told;

CREATE MACRO headline_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until) FROM headline_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW headline AS
SELECT * EXCLUDE (known_from, known_until) FROM headline_spans WHERE known_until = DATE 'infinity';
