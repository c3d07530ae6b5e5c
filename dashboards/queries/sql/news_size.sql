-- One row: how many statements have been published since a day.
SELECT count(*) AS statements
FROM statements
WHERE situation = $situation AND published >= $since;
