-- One row: the day on which the oldest report of a situation was published.
SELECT min(published) AS published
FROM claims
WHERE situation = $situation;
