-- One row is one series of totals: how many points it has and when the first and the last are.
SELECT
    organisation, measure, kind, population, baseline,
    count(*) AS points, min(as_of) AS first, max(as_of) AS last
FROM statements
WHERE standing = 'stands' AND situation = $situation AND breakdown = 'total'
GROUP BY organisation, measure, kind, population, baseline
ORDER BY organisation, measure, population, baseline NULLS LAST;
