-- One row is one series of totals: how many points it has and when the first and the last are.
CREATE TABLE series_heads AS
SELECT
    situation, organisation, measure, kind, population, baseline,
    count(*) AS points, min(as_of) AS first, max(as_of) AS last
FROM statements
WHERE standing = 'stands' AND doubt IS NULL AND breakdown = 'total'
GROUP BY situation, organisation, measure, kind, population, baseline
ORDER BY situation, organisation, measure, population, baseline NULLS LAST;
