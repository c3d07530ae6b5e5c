-- One row is one combination of organisation, measure and breakdown that has claims, with its first and last moment.
SELECT organisation, measure, breakdown, min(as_of) AS first, max(as_of) AS last
FROM statements
WHERE situation = $situation
GROUP BY organisation, measure, breakdown
ORDER BY organisation, measure, breakdown;
