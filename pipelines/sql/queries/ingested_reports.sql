-- One row is one report that one file carried, with what became of its rows; rows of no report come last.
SELECT
    publisher, url, published,
    count(*) AS rows_read,
    count(*) FILTER (state = 'accepted') AS accepted,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'quarantined') AS quarantined
FROM rows_read
WHERE situation = $situation AND file = $file
GROUP BY publisher, url, published
ORDER BY quarantined + pending DESC, published, publisher NULLS LAST, url;
