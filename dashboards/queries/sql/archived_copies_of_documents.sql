-- One row is one of these documents, with what it was when it was last read and its last copy in a public archive.
SELECT
    url, max_by(retrieved, position) AS retrieved, max_by(sha256, position) AS sha256,
    max_by(archive, position) AS archive, max_by(archived_on, position) AS archived_on
FROM archived_copies
WHERE situation = $situation AND url IN (SELECT unnest($urls::VARCHAR[]))
GROUP BY url
ORDER BY url;
