-- One row is one file, with what became of its rows.
SELECT rows_read, accepted, pending, quarantined FROM files WHERE situation = $situation AND file = $file;
