-- One row is one claim and the id of the figure that it is about.
SELECT
    claim_id,
    figure_identity(situation, organisation, measure, population, breakdown, period_start, as_of) AS figure_id
FROM claims_as_known_on(DATE '9999-12-31')
WHERE situation = $situation
ORDER BY claim_id;
