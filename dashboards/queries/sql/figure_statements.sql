-- One row is one statement about what one figure is about, whatever became of it.
SELECT
    organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_basis, as_of_precision, qualifier, value, value_high,
    coalesce(suppressed, false) AS withheld, fewer_than,
    published, published_basis, publisher, provenance, url,
    standing, why_standing, doubt, revision, contradicted, corrected, checked, checked_on, carriers, repeats, origins,
    claim_id,
    $figure::VARCHAR AS figure_id
FROM statements
WHERE situation = $situation
    AND organisation = $organisation
    AND measure = $measure
    AND population = $population
    AND breakdown = $breakdown
    AND as_of IS NOT DISTINCT FROM $as_of::DATE
    AND figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) = $figure
ORDER BY published, claim_id;
