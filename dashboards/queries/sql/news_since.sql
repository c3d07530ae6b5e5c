-- One row is one statement published since a day, the newest first, under the id of the figure that it is about.
SELECT
    figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) AS figure_id,
    *
FROM (
    FROM statements
    WHERE situation = $situation AND published >= $since
    ORDER BY published DESC, as_of DESC NULLS LAST, claim_id DESC
    LIMIT $limit
)
ORDER BY published DESC, as_of DESC NULLS LAST, claim_id DESC;
