-- One row is one file read, with what became of its rows.
CREATE TABLE files AS
SELECT
    situation,
    file,
    count(*) AS rows_read,
    count(*) FILTER (state = 'accepted') AS accepted,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'quarantined') AS quarantined
FROM rows_read
GROUP BY situation, file;
