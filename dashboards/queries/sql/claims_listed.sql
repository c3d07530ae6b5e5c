-- One row is one claim behind the statements that these claims lead, in their order.
WITH page AS MATERIALIZED (
    SELECT statements.*, listed.position
    FROM statements
    JOIN (SELECT unnest($claims::VARCHAR[]) AS claim_id, generate_subscripts($claims::VARCHAR[], 1) AS position) AS listed
        USING (claim_id)
    WHERE situation = $situation
),
behind AS MATERIALIZED ( -- the claims of the same moments, whatever they say of it
    SELECT claim_points.stored_row, page.* RENAME (claim_id AS leading_claim, published AS first_published)
    FROM claim_points JOIN page USING (point)
),
stored AS MATERIALIZED (
    SELECT rowid AS stored_row, * FROM claims_stored WHERE rowid IN (SELECT stored_row FROM behind)
),
read AS MATERIALIZED (
    FROM claims_read_from('stored')
),
placed AS (
    SELECT behind.*, stored.claim_id FROM behind JOIN stored USING (stored_row)
)
SELECT
    behind.organisation, behind.measure, behind.kind, behind.population, behind.breakdown,
    behind.baseline, behind.period_start, behind.window_basis, behind.as_of,
    behind.qualifier, behind.value, behind.value_high, behind.suppressed, behind.fewer_than,
    behind.standing, behind.why_standing, behind.doubt, behind.revision, behind.contradicted, behind.corrected,
    behind.carriers, behind.origins, behind.leading_claim,
    claims.as_of_basis, claims.as_of_precision, claims.published, claims.published_basis,
    claims.publisher, claims.provenance, claims.url, claims.note, claims.raw,
    claims.file, claims.place, claims.claim_id, claims.as_of <> behind.as_of AS is_repeat,
    claims.checked, claims.checked_on, checks.verdict, checks.checked_by
FROM placed AS behind
JOIN claims_known_from('read', DATE '9999-12-31') AS claims
    ON claims.claim_id = behind.claim_id
    AND claims.withdrawn = (behind.standing = 'withdrawn')
    AND claims.qualifier IS NOT DISTINCT FROM behind.qualifier
    AND claims.value IS NOT DISTINCT FROM behind.value
    AND claims.value_high IS NOT DISTINCT FROM behind.value_high
LEFT JOIN claim_checks_as_known_on(DATE '9999-12-31') AS checks ON checks.claim_id = claims.claim_id
ORDER BY behind.position, claims.published, claims.claim_id;
