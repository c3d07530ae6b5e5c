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
        coalesce(
            abs(stated.baseline - situations.baseline) <= (settings ->> 'baseline_tolerance_days')::INTEGER, false
        ) AS usual,
        stated.population = coalesce(
            settings -> 'measure_populations' ->> stated.measure, settings ->> 'default_population'
        ) AS expected,
        CASE
            WHEN checked IS NOT NULL THEN checked
            WHEN origins > 1 THEN 'two_origins'
            WHEN provenance = 'primary' THEN 'first_hand'
        END AS rests_on
    FROM query_table(source) AS stated
    JOIN situations USING (situation)
    JOIN organisations USING (situation, organisation)
    WHERE NOT organisations.unnamed AND breakdown = 'total' AND kind <> 'promise' AND standing = 'stands' AND value IS NOT NULL
        AND (kind <> 'stock' OR stated.baseline IS NULL)
),
dated AS (
    SELECT *, max(as_of) OVER (
        PARTITION BY situation, organisation, measure, population, baseline
    ) AS last_moment
    FROM totals
),
told AS ( -- of one organisation's series of one measure, the one that a headline is about
    FROM dated
    QUALIFY dense_rank() OVER (
        PARTITION BY situation, organisation, measure
        ORDER BY expected DESC, usual DESC, CASE WHEN NOT usual THEN last_moment END DESC NULLS LAST, population, baseline
    ) = 1
),
usable AS (
    FROM told WHERE doubt IS NULL AND rests_on IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, measure ORDER BY as_of DESC, published DESC, claim_id
    ) = 1
),
passed AS (
    SELECT told.*
    FROM told LEFT JOIN usable USING (situation, organisation, measure)
    WHERE (told.doubt IS NOT NULL OR told.rests_on IS NULL) AND coalesce(told.as_of > usable.as_of, true)
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, measure ORDER BY told.as_of DESC, told.published DESC, told.claim_id
    ) = 1
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
WITH known_statements AS MATERIALIZED (
    FROM statements_as_known_on(known_on)
)
FROM headline_from('known_statements');
