-- One row is the id of a figure that one of the `picked` statements is about.
SELECT DISTINCT
    figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) AS figure_id
FROM statements_stored
WHERE rowid IN (SELECT row_number FROM picked);
