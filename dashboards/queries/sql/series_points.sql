-- One row is one point that may be shown as known on a day: what stood then for one moment of one organisation's series,
-- or had a `doubt` and lost the moment to what stood for it. Without a population, of whichever people.
SELECT
    organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_basis, as_of_precision, qualifier, value, value_high, low, high,
    published, published_basis, revision, why_standing, doubt, contradicted, corrected, checked, checked_on,
    carriers, repeats, origins, provenance, publisher, url, claim_id
FROM statements_as_known_on($known_on)
WHERE (standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL))
    AND situation = $situation
    AND measure = $measure
    AND list_contains($organisations, organisation)
    AND ($population::VARCHAR IS NULL OR population = $population)
    AND breakdown = $breakdown
    AND NOT suppressed
ORDER BY organisation, baseline NULLS LAST, as_of, published, claim_id;
