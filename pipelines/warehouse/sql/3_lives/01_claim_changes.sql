-- One row is one span of days through which one claim that was ever corrected or read again reads the same: with the
-- corrections decided by then in place of what they correct (nothing, where they empty it), and with the latest reading of
-- it by then that a correction of its number did not overtake. The spans of a claim follow each other from its publication on; the last ends with DATE 'infinity'.
CREATE OR REPLACE TEMP TABLE claim_changes AS
WITH changes AS (
    SELECT claim_id, decided AS day FROM corrections
    UNION ALL
    SELECT claim_id, checked_on FROM verifications
),
days AS (
    SELECT claim_id, unnest([published, greatest(published, day)]) AS known_from FROM claims JOIN changes USING (claim_id)
),
spans AS (
    SELECT
        claim_id, known_from,
        lead(known_from, 1, DATE 'infinity') OVER (PARTITION BY claim_id ORDER BY known_from) AS known_until
    FROM (SELECT DISTINCT claim_id, known_from FROM days)
),
corrected AS (
    SELECT
        claim_id, known_from,
        max(corrected) FILTER (field = 'value') AS value,
        max(corrected) FILTER (field = 'value_high') AS value_high,
        max(corrected) FILTER (field = 'qualifier') AS qualifier,
        max(corrected) FILTER (field = 'as_of') AS as_of,
        max(corrected) FILTER (field = 'period_start') AS period_start,
        max(corrected) FILTER (field = 'measure') AS measure,
        max(corrected) FILTER (field = 'breakdown') AS breakdown,
        list(field) FILTER (corrected IS NULL) AS emptied
    FROM spans JOIN corrections USING (claim_id)
    WHERE decided <= known_from
    GROUP BY claim_id, known_from
),
checks AS (
    SELECT claim_id, known_from, checked_on, checked_as(verdict) AS checked, withdrawn_by(verdict) AS withdrawn
    FROM spans JOIN readings_until_corrected() USING (claim_id)
    WHERE checked_on <= known_from AND known_from < counts_until
    QUALIFY row_number() OVER (PARTITION BY claim_id, known_from ORDER BY checked_on DESC, position DESC) = 1
)
SELECT
    claim_id, known_from, known_until,
    coalesce(corrected.value::BIGINT, claims.value) AS value,
    CASE WHEN list_contains(emptied, 'value_high') IS NOT TRUE
        THEN coalesce(corrected.value_high::BIGINT, claims.value_high)
    END AS value_high,
    coalesce(corrected.qualifier, claims.qualifier) AS qualifier,
    CASE WHEN list_contains(emptied, 'as_of') IS NOT TRUE
        THEN coalesce(corrected.as_of::DATE, claims.as_of)
    END AS as_of,
    CASE WHEN list_contains(emptied, 'period_start') IS NOT TRUE
        THEN coalesce(corrected.period_start::DATE, claims.period_start)
    END AS period_start,
    coalesce(corrected.measure, claims.measure) AS measure,
    coalesce(corrected.breakdown, claims.breakdown) AS breakdown,
    corrected.claim_id IS NOT NULL AS corrected,
    checks.checked, checks.checked_on, coalesce(checks.withdrawn, false) AS withdrawn
FROM spans
JOIN claims USING (claim_id)
LEFT JOIN corrected USING (claim_id, known_from)
LEFT JOIN checks USING (claim_id, known_from);
