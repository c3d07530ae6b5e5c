-- One row is one statement about the figure of an id that this build has without one that stands; reads all of them.
SELECT situation, organisation, measure, population, breakdown, as_of
FROM statements
WHERE figure_identity(
    situation, organisation, measure, population, breakdown,
    CASE WHEN window_basis = 'stated' THEN period_start END, as_of
) = $figure
LIMIT 1;
