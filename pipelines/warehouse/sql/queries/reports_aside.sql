-- One row is one reason why rows of reports do not count: of how many rows, of how many reports, of which one first.
SELECT
    situation, state, regexp_replace(reason, ' \(\d+ cells?\)$', '') AS why,
    sum(coalesce(stands_for, 1))::BIGINT AS rows_aside, count(DISTINCT file) AS reports, min(file) AS file
FROM rows_aside
WHERE list_contains($situations, situation) AND starts_with(file, 'reports/')
GROUP BY ALL
ORDER BY state, reports DESC, rows_aside DESC, why;
