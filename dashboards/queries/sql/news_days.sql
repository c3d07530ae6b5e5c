-- One row is one day on which something of a situation was published, the newest first.
SELECT DISTINCT published AS day
FROM statements
WHERE situation = $situation
ORDER BY day DESC;
