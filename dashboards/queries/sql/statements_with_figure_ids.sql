-- One row is one statement, under the id of the figure that it is about, with the file that its leading claim was read
-- from; what stands comes first.
SELECT
    figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) AS figure_id,
    *
FROM statements LEFT JOIN (SELECT claim_id, file FROM claims_stored WHERE situation = $situation) AS read USING (claim_id)
WHERE situation = $situation
ORDER BY figure_id, standing <> 'stands', published DESC, claim_id;
