-- One row is one situation that states something under a figure's id.
SELECT DISTINCT situation
FROM statements_stored
WHERE figure_identity(
    situation, organisation, measure, population, breakdown,
    CASE WHEN window_basis = 'stated' THEN period_start END, as_of
) = $figure
ORDER BY situation;
