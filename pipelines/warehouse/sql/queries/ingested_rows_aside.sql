-- One row is one row of one file that does not count, and why.
SELECT state, file, concat_ws(' ', place, place_number) AS place, reason, raw
FROM rows_aside
WHERE situation = $situation AND file = $file
ORDER BY rowid
LIMIT $most;
