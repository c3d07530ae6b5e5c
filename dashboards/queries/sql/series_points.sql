-- One row is one point that may be shown: what stands for one moment of one organisation's series, or has a `doubt` and
-- lost the moment to what stands for it.
SELECT
    organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_basis, as_of_precision, qualifier, value, value_high, low, high,
    published, published_basis, revision, why_standing, doubt, contradicted, corrected, checked, checked_on,
    carriers, repeats, origins, provenance, publisher, url, claim_id
FROM statements
WHERE (standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL))
    AND situation = $situation
    AND measure = $measure
    AND list_contains($organisations, organisation)
    AND population = $population
    AND breakdown = $breakdown
    AND NOT suppressed
ORDER BY organisation, baseline NULLS LAST, as_of, published, claim_id;
