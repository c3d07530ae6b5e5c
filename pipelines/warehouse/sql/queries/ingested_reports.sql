-- One row is one report that one file carried, with what became of its rows: those with rows set aside first.
-- `reports` is how many there are in all; at the most `$most` are listed.
SELECT
    publisher, url, published,
    count(*) AS rows_read,
    count(*) FILTER (state = 'accepted') AS accepted,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'quarantined') AS quarantined,
    count(*) OVER () AS reports
FROM rows_read
WHERE situation = $situation AND file = $file
GROUP BY publisher, url, published
ORDER BY quarantined + pending DESC, published, publisher NULLS LAST, url
LIMIT $most;
