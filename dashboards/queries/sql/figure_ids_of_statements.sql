-- One row is one statement named by its leading claim, with the id of the figure that it is about.
SELECT
    claim_id,
    figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) AS figure_id
FROM statements
WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]));
