-- One row is one way in which an organisation divides one measure, those with most figures first.
SELECT organisation, measure, key, count(*) AS figures
FROM breakdowns
WHERE situation = $situation AND stated
GROUP BY organisation, measure, key
ORDER BY figures DESC, organisation, measure, key;
