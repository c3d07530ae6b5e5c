-- One row is one row read, whatever became of it: read = accepted + pending + quarantined.
CREATE VIEW rows_read AS
SELECT situation, file, place, publisher, url, published, published_basis, retrieved, 'accepted' AS state
FROM claims
UNION ALL
SELECT
    situation, file, concat_ws(' ', place, place_number), publisher, url, published, published_basis, retrieved, state
FROM rows_aside;
