-- One row is one withheld claim whose id comes out of a small value: ids are tried as anyone could try them.
SELECT claims.claim_id, tried.value
FROM claims, (SELECT unnest(range((SELECT max((settings ->> 'small_cell')::INTEGER) FROM situations)))::BIGINT AS value) AS tried, (FROM words WHERE list = 'qualifier') AS hedges
WHERE claims.suppressed AND claims.claim_id = claim_identity(
    claims.situation, claims.organisation, claims.measure, claims.population, claims.breakdown, hedges.word,
    tried.value, NULL::BIGINT, claims.period_start, claims.as_of, claims.published, claims.publisher, claims.url
)
