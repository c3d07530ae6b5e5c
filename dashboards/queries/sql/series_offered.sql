-- One row is one series of totals: how many points it has and when the first and the last are.
SELECT organisation, measure, kind, population, baseline, points, first, last
FROM series_heads
WHERE situation = $situation
ORDER BY organisation, measure, population, baseline NULLS LAST;
