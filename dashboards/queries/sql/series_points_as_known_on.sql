-- One row is one point that may be shown as known on a day: what stood then for one moment of one organisation's series,
-- or had a `doubt` and lost the moment to what stood for it.
WITH own AS MATERIALIZED ( -- what stands for a moment is told by the same organisation's claims
    FROM claims_as_known_on($known_on)
    WHERE situation = $situation AND organisation IN (SELECT unnest($organisations))
),
placed AS MATERIALIZED (
    FROM placed_from('own')
    WHERE population = $population AND breakdown = $breakdown -- of every measure: one may be told as another
)
SELECT
    organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_basis, as_of_precision, qualifier, value, value_high, low, high,
    published, published_basis, revision, why_standing, doubt, contradicted, corrected, checked, checked_on,
    carriers, repeats, origins, provenance, publisher, url, claim_id
FROM statements_from('placed', $known_on)
WHERE (standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL)) AND measure = $measure
ORDER BY organisation, baseline NULLS LAST, as_of, published, claim_id;
