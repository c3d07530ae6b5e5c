-- One row is one series of totals as known on a day: how many points it has and when the first and the last are.
SELECT
    organisation, measure, kind, population, baseline,
    count(*) AS points, min(as_of) AS first, max(as_of) AS last
FROM statements_as_known_on($known_on)
WHERE situation = $situation AND standing = 'stands' AND doubt IS NULL AND breakdown = 'total'
GROUP BY organisation, measure, kind, population, baseline
ORDER BY organisation, measure, population, baseline NULLS LAST;
