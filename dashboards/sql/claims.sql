-- One row is one claim behind the statements asked for; `statements` repeats how many statements match.
WITH chosen AS NOT MATERIALIZED (
    SELECT *
    FROM statements
    WHERE situation = $situation
        AND ($organisation::VARCHAR IS NULL OR organisation = $organisation)
        AND ($measure::VARCHAR IS NULL OR measure = $measure)
        AND ($breakdown::VARCHAR IS NULL OR breakdown = $breakdown)
        AND ($provenance::VARCHAR IS NULL OR provenance = $provenance)
        AND (
            $standing::VARCHAR IS NULL
            OR standing = $standing
            OR ($standing = 'contradicted' AND contradicted)
            OR ($standing = 'revised' AND revision > 0)
        )
        AND ($since::DATE IS NULL OR as_of >= $since)
        AND ($until::DATE IS NULL OR as_of <= $until)
        AND ($claim::VARCHAR IS NULL OR claim_id = $claim)
),
page AS MATERIALIZED (
    SELECT * FROM chosen ORDER BY as_of DESC, published DESC, claim_id LIMIT $limit OFFSET $skip
)
SELECT
    page.organisation, page.measure, page.kind, page.population, page.breakdown,
    page.baseline, page.period_start, page.window_basis, page.as_of,
    page.qualifier, page.value, page.value_high, page.suppressed, page.fewer_than,
    page.standing, page.revision, page.contradicted, page.corrected, page.carriers,
    page.claim_id AS leading_claim,
    claims.as_of_basis, claims.as_of_precision, claims.published, claims.published_basis,
    claims.publisher, claims.provenance, claims.url, claims.note, claims.raw,
    claims.file, claims.place, claims.claim_id,
    (SELECT count(*) FROM chosen) AS statements
FROM page
JOIN claims_as_known_on(DATE '9999-12-31') AS claims
    ON claims.situation = page.situation
    AND claims.organisation = page.organisation
    AND claims.measure = page.measure
    AND claims.population = page.population
    AND claims.breakdown = page.breakdown
    AND claims.as_of = page.as_of
    AND claims.qualifier IS NOT DISTINCT FROM page.qualifier
    AND claims.value IS NOT DISTINCT FROM page.value
    AND claims.value_high IS NOT DISTINCT FROM page.value_high
    AND (
        claims.period_start IS NOT DISTINCT FROM page.period_start
        OR (claims.period_start IS NULL AND page.window_basis = 'previous_bulletin')
        OR page.kind NOT IN ('flow', 'cumulative')
    )
ORDER BY page.as_of DESC, page.published DESC, page.claim_id, claims.published, claims.claim_id;
