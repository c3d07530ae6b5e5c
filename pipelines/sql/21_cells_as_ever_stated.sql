-- One row is one claim as stated, and again as it stood after each day on which somebody corrected it.
CREATE TEMP VIEW cells_as_ever_stated AS
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
        qualifier::VARCHAR AS qualifier, value, value_high, period_start, as_of
    FROM claims_loaded
)
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
FROM stated JOIN corrected USING (claim_id);
