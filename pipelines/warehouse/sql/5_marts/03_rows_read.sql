-- One row is one row read, whatever became of it: read = accepted + pending + quarantined. Where a file has more rows
-- at fault than are kept, its last one stands for all the others, and counts for them.
CREATE VIEW rows_read AS
SELECT situation, file, place, publisher, url, published, published_basis, retrieved, 'accepted' AS state,
    1 AS stands_for
FROM claims
UNION ALL
SELECT
    situation, file, concat_ws(' ', place, place_number), publisher, url, published, published_basis, retrieved, state,
    coalesce(stands_for, 1)
FROM rows_aside;
