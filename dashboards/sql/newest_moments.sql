-- One row is one organisation that has published, with the newest moment that it speaks of.
SELECT organisation, max(as_of) AS newest
FROM statements
WHERE situation = $situation AND as_of IS NOT NULL
GROUP BY organisation
ORDER BY organisation;
