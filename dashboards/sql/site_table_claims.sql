-- One row is one accepted claim of a situation, under the id of the figure that it is about.
SELECT
    figure_identity(situation, organisation, measure, population, breakdown, period_start, as_of) AS figure_id,
    *
FROM claims
WHERE situation = $situation
ORDER BY claim_id;
