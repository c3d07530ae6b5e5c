-- One row is one report that a mapping reads, with what became of its rows: those with rows set aside first.
SELECT situation, file, rows_read, accepted, pending, quarantined
FROM files
WHERE list_contains($situations, situation) AND starts_with(file, 'reports/')
ORDER BY accepted = 0 DESC, pending DESC, quarantined DESC, situation, file;
