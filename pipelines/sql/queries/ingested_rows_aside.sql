-- One row is one row of one file that does not count, and why.
SELECT state, file, place, reason, raw
FROM rows_read
WHERE situation = $situation AND file = $file AND state <> 'accepted'
ORDER BY rowid;
