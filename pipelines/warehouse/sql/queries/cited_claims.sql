-- One row is one claim of a situation as its report states it, with the verdict of its latest reading by a day; those
-- of one page stand together.
SELECT
    claims.claim_id, claims.organisation, claims.measure, claims.breakdown, claims.qualifier, claims.value,
    claims.value_high, claims.as_of, claims.published, claims.url, claims.suppressed, claims.file, claims.place,
    checks.verdict
FROM claims
LEFT JOIN claim_checks_as_known_on($today) AS checks USING (claim_id)
WHERE claims.situation = $situation
ORDER BY claims.published DESC, claims.url, claims.organisation, claims.measure, claims.breakdown, claims.as_of,
    claims.value, claims.claim_id;
