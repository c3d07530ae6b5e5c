-- One row is one of these documents (addresses without the place in it), with what it was when it was last read and its
-- last copy in a public archive.
SELECT
    split_part(url, '#', 1) AS document, max_by(retrieved, position) AS retrieved, max_by(sha256, position) AS sha256,
    max_by(archive, position) AS archive, max_by(archived_on, position) AS archived_on
FROM archived_copies
WHERE situation = $situation AND document IN (SELECT unnest($documents::VARCHAR[]))
GROUP BY document
ORDER BY document;
