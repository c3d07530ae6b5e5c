-- One row is one claim published by a day, with the corrections decided by that day in place of what they correct.
-- `checked`, `checked_on` and `withdrawn` come from the latest reading of it by that day (`claim_checks_as_known_on`).
-- `source` is `claims` or some of them: a page that asks about few reads few.
CREATE MACRO claims_known_from(source, known_on) AS TABLE
WITH corrected AS (
    SELECT
        claim_id,
        max(corrected) FILTER (field = 'value') AS value,
        max(corrected) FILTER (field = 'value_high') AS value_high,
        max(corrected) FILTER (field = 'qualifier') AS qualifier,
        max(corrected) FILTER (field = 'as_of') AS as_of,
        max(corrected) FILTER (field = 'period_start') AS period_start,
        max(corrected) FILTER (field = 'measure') AS measure,
        max(corrected) FILTER (field = 'breakdown') AS breakdown
    FROM corrections
    WHERE decided <= known_on
    GROUP BY claim_id
)
SELECT
    claims.* REPLACE (
        coalesce(corrected.value::BIGINT, claims.value) AS value,
        coalesce(corrected.value_high::BIGINT, claims.value_high) AS value_high,
        coalesce(corrected.qualifier, claims.qualifier) AS qualifier,
        coalesce(corrected.as_of::DATE, claims.as_of) AS as_of,
        coalesce(corrected.period_start::DATE, claims.period_start) AS period_start,
        coalesce(corrected.measure, claims.measure) AS measure,
        coalesce(corrected.breakdown, claims.breakdown) AS breakdown
    ),
    corrected.claim_id IS NOT NULL AS corrected,
    checks.checked, checks.checked_on, coalesce(checks.withdrawn, false) AS withdrawn
FROM query_table(source) AS claims
LEFT JOIN corrected USING (claim_id)
LEFT JOIN claim_checks_as_known_on(known_on) AS checks USING (claim_id)
WHERE claims.published <= known_on;

CREATE MACRO claims_as_known_on(known_on) AS TABLE
FROM claims_known_from('claims', known_on);
