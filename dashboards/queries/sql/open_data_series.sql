-- One row is what stands for one moment, under the id of the figure that it is about.
SELECT * EXCLUDE (standing, point)
FROM (
    SELECT
        figure_identity(
            situation, organisation, measure, population, breakdown,
            CASE WHEN window_basis = 'stated' THEN period_start END, as_of
        ) AS figure_id,
        *
    FROM statements
    WHERE situation = $situation AND standing = 'stands'
)
ORDER BY organisation, measure, population, breakdown, baseline, as_of, period_start, published, claim_id;
