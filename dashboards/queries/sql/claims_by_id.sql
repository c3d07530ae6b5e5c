-- One row is one claim named by its id, as corrected, of the moment at which it counts, with what became of what it says;
-- `withheld` where its value is a small cell or would give one away.
WITH placed AS MATERIALIZED (
    FROM claim_points WHERE claim IN (SELECT hash(unnest($claims::VARCHAR[])))
),
stored AS MATERIALIZED (
    FROM claims_stored WHERE rowid IN (SELECT stored_row FROM placed)
),
own AS NOT MATERIALIZED (
    FROM claims_read_from('stored') WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]))
),
judged_rows AS MATERIALIZED ( -- found by their numbers alone: only of these are the words read
    SELECT rowid AS judged_row FROM statements_stored WHERE point IN (SELECT point FROM placed)
),
judged_stored AS MATERIALIZED (
    FROM statements_stored WHERE rowid IN (FROM judged_rows)
),
judged AS NOT MATERIALIZED (
    FROM statements_read_from('judged_stored')
)
SELECT
    claims.claim_id, claims.organisation, claims.measure, measures.kind, claims.population, claims.breakdown,
    claims.period_start, CASE WHEN claims.period_start IS NULL THEN 'unknown' ELSE 'stated' END AS window_basis,
    coalesce(judged.as_of, claims.as_of) AS as_of, claims.as_of_basis, claims.as_of_precision,
    claims.qualifier, claims.value, claims.value_high,
    claims.published, claims.published_basis, claims.publisher, claims.provenance, claims.url, claims.note, claims.corrected,
    claims.suppressed AS withheld, claims.suppressed, claims.fewer_than,
    claims.checked, claims.checked_on, judged.as_of <> claims.as_of AS is_repeat,
    coalesce(judged.standing, 'stands') AS standing, judged.why_standing, judged.doubt
FROM claims_known_from('own', DATE '9999-12-31') AS claims
JOIN measures USING (measure)
LEFT JOIN placed ON placed.claim = hash(claims.claim_id)
LEFT JOIN judged
    ON judged.point = placed.point AND (judged.standing = 'withdrawn') = claims.withdrawn
    AND judged.qualifier IS NOT DISTINCT FROM claims.qualifier
    AND judged.value IS NOT DISTINCT FROM claims.value
    AND judged.value_high IS NOT DISTINCT FROM claims.value_high
ORDER BY claims.claim_id;
