-- One row is one reason why rows of a file are quarantined, the most frequent first.
SELECT count(*) AS rows_quarantined, file, reason
FROM rows_aside
WHERE state = 'quarantined'
GROUP BY file, reason
ORDER BY rows_quarantined DESC, file, reason
LIMIT $most;
