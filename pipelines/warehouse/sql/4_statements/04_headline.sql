-- One row is one organisation's headline for one measure: the newest total that stands without a doubt and rests on
-- something, and beside it the newest one that was passed over (`passed_reason`: in_doubt, not_confirmed).
-- It rests on a reading (`read_again` in its source, `read_again_in_copy` in another carrier of the same statement), on
-- `two_origins` that carried it, or on being `first_hand`. A running total is the one counted from the situation's own
-- baseline where the organisation has it, else the one told last; a stock is of everyone in it.
-- `source` holds statements: all of each organisation that it has any of.
CREATE MACRO headline_from(source) AS TABLE
WITH totals AS (
    SELECT
        stated.*,
        CASE
            WHEN checked IS NOT NULL THEN checked
            WHEN origins > 1 THEN 'two_origins'
            WHEN provenance = 'primary' THEN 'first_hand'
        END AS rests_on
    FROM query_table(source) AS stated
    SEMI JOIN (FROM organisations WHERE NOT unnamed) AS named USING (situation, organisation)
    WHERE breakdown = 'total' AND kind <> 'promise' AND standing = 'stands' AND value IS NOT NULL
        AND (kind <> 'stock' OR stated.baseline IS NULL)
),
series AS (
    SELECT situation, organisation, measure, population, baseline, max(as_of) AS last_moment
    FROM totals
    GROUP BY ALL
),
heads AS ( -- of one organisation's series of one measure, the one that a headline is about
    SELECT
        series.*,
        coalesce(
            abs(series.baseline - situations.baseline) <= (settings ->> 'baseline_tolerance_days')::INTEGER, false
        ) AS usual,
        population = coalesce(
            settings -> 'measure_populations' ->> series.measure, settings ->> 'default_population'
        ) AS expected
    FROM series JOIN situations USING (situation)
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, measure
        ORDER BY expected DESC, usual DESC, CASE WHEN NOT usual THEN last_moment END DESC NULLS LAST, population, series.baseline
    ) = 1
),
told AS MATERIALIZED (
    SELECT totals.*
    FROM totals JOIN heads
        ON heads.situation = totals.situation AND heads.organisation = totals.organisation
        AND heads.measure = totals.measure AND heads.population IS NOT DISTINCT FROM totals.population
        AND heads.baseline IS NOT DISTINCT FROM totals.baseline
),
newest AS ( -- what is sorted are the few of the last moment
    SELECT
        situation, organisation, measure,
        max(as_of) FILTER (doubt IS NULL AND rests_on IS NOT NULL) AS usable,
        max(as_of) FILTER (doubt IS NOT NULL OR rests_on IS NULL) AS passed
    FROM told GROUP BY situation, organisation, measure
),
usable AS (
    SELECT told.*
    FROM told JOIN newest USING (situation, organisation, measure)
    WHERE doubt IS NULL AND rests_on IS NOT NULL AND told.as_of = newest.usable
    QUALIFY row_number() OVER (PARTITION BY situation, organisation, measure ORDER BY published DESC, claim_id) = 1
),
passed AS (
    SELECT told.*
    FROM told JOIN newest USING (situation, organisation, measure)
    WHERE (doubt IS NOT NULL OR rests_on IS NULL) AND told.as_of = newest.passed
        AND coalesce(newest.passed > newest.usable, true)
    QUALIFY row_number() OVER (PARTITION BY situation, organisation, measure ORDER BY published DESC, claim_id) = 1
)
SELECT
    situation, organisation, measure, coalesce(usable.kind, passed.kind) AS kind,
    coalesce(usable.population, passed.population) AS population, coalesce(usable.baseline, passed.baseline) AS baseline,
    usable.qualifier, usable.value, usable.value_high, usable.as_of, usable.as_of_precision, usable.published,
    usable.provenance, usable.checked, usable.checked_on, usable.origins, usable.rests_on,
    usable.publisher, usable.url, usable.claim_id,
    passed.qualifier AS passed_qualifier, passed.value AS passed_value, passed.value_high AS passed_value_high,
    passed.as_of AS passed_as_of, passed.published AS passed_published, passed.claim_id AS passed_claim,
    CASE WHEN passed.doubt IS NOT NULL THEN 'in_doubt' WHEN passed.claim_id IS NOT NULL THEN 'not_confirmed' END
        AS passed_reason
FROM usable FULL JOIN passed USING (situation, organisation, measure);

CREATE MACRO headline_as_known_on(known_on) AS TABLE
WITH known_statements AS NOT MATERIALIZED (
    FROM statements_as_known_on(known_on)
)
FROM headline_from('known_statements');
