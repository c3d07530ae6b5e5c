-- One row is one claim as stated, again as it stood after each day on which somebody corrected it, and as each reader
-- found that its source states it. Guarded ones stand under the name that all names of the same people share, and a
-- population of minors or of the ill as that part of the usual population.
CREATE OR REPLACE TEMP VIEW facility_lists AS
SELECT situation, coalesce(list_transform(
    (settings -> 'breakdown_values' -> 'facility')::VARCHAR[], lambda name: regexp_replace(name, '^(el|la|los|las|the|o|a)_', '')
), []) AS facilities
FROM situations;

CREATE OR REPLACE TEMP VIEW cells_as_ever_stated AS
WITH days AS (
    SELECT DISTINCT claim_id, decided FROM corrections
),
corrected AS (
    SELECT
        days.claim_id, days.decided,
        max(corrected) FILTER (field = 'value') AS value,
        max(corrected) FILTER (field = 'value_high') AS value_high,
        max(corrected) FILTER (field = 'qualifier') AS qualifier,
        max(corrected) FILTER (field = 'as_of') AS as_of,
        max(corrected) FILTER (field = 'period_start') AS period_start,
        max(corrected) FILTER (field = 'measure') AS measure,
        max(corrected) FILTER (field = 'breakdown') AS breakdown
    FROM days
    JOIN corrections ON corrections.claim_id = days.claim_id AND corrections.decided <= days.decided
    GROUP BY ALL
),
stated AS (
    SELECT
        claim_id, situation, organisation, measure::VARCHAR AS measure, population, breakdown,
        qualifier::VARCHAR AS qualifier, value, value_high, period_start, as_of, published, suppressed, fewer_than
    FROM claims_loaded
),
versions AS (
FROM stated
UNION ALL
SELECT stated.* REPLACE (
    coalesce(corrected.value::BIGINT, stated.value) AS value,
    coalesce(corrected.value_high::BIGINT, stated.value_high) AS value_high,
    coalesce(corrected.qualifier, stated.qualifier) AS qualifier,
    coalesce(corrected.as_of::DATE, stated.as_of) AS as_of,
    coalesce(corrected.period_start::DATE, stated.period_start) AS period_start,
    coalesce(corrected.measure, stated.measure) AS measure,
    coalesce(corrected.breakdown, stated.breakdown) AS breakdown
)
FROM stated JOIN corrected USING (claim_id)
UNION ALL
SELECT stated.* REPLACE (
    coalesce(CASE WHEN field = 'value' THEN should_be END::BIGINT, stated.value) AS value,
    coalesce(CASE WHEN field = 'value_high' THEN should_be END::BIGINT, stated.value_high) AS value_high,
    CASE WHEN field = 'qualifier' THEN should_be ELSE stated.qualifier END AS qualifier,
    coalesce(CASE WHEN field = 'as_of' THEN should_be END::DATE, stated.as_of) AS as_of,
    coalesce(CASE WHEN field = 'period_start' THEN should_be END::DATE, stated.period_start) AS period_start,
    CASE WHEN field = 'measure' THEN should_be ELSE stated.measure END AS measure,
    CASE WHEN field = 'breakdown' THEN should_be ELSE stated.breakdown END AS breakdown
)
FROM stated JOIN verifications USING (claim_id)
WHERE field IS NOT NULL
),
names AS ( -- once for each name: there are a few dozen of them, however many claims
    SELECT
        situation, breakdown, population, canonical_breakdown(breakdown, population, facilities) AS shared_breakdown,
        CASE WHEN is_guarded('', population) THEN settings ->> 'default_population' ELSE population END AS shared_population
    FROM (SELECT DISTINCT situation, breakdown, population FROM versions WHERE is_guarded(breakdown, population))
    JOIN facility_lists USING (situation)
    JOIN situations USING (situation)
)
SELECT versions.* REPLACE (
    coalesce(shared_breakdown, versions.breakdown) AS breakdown,
    coalesce(shared_population, versions.population) AS population
), shared_breakdown IS NOT NULL AS guarded
FROM versions
LEFT JOIN names
    ON names.situation = versions.situation AND names.breakdown = versions.breakdown
    AND names.population IS NOT DISTINCT FROM versions.population;
