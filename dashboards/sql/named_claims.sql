-- One row is one claim named by its id, as corrected; `withheld` where its value is a small cell or would give one away.
WITH own AS MATERIALIZED (
    FROM claims_named($claims) WHERE situation = $situation
)
SELECT
    claims.claim_id, claims.organisation, claims.measure, measures.kind, claims.population, claims.breakdown,
    claims.period_start, CASE WHEN claims.period_start IS NULL THEN 'unknown' ELSE 'stated' END AS window_basis,
    claims.as_of, claims.as_of_basis, claims.as_of_precision, claims.qualifier, claims.value, claims.value_high,
    claims.published, claims.published_basis, claims.publisher, claims.provenance, claims.url, claims.corrected,
    claims.suppressed AS withheld, claims.suppressed, claims.fewer_than
FROM claims_known_from('own', DATE '9999-12-31') AS claims
JOIN measures USING (measure);
