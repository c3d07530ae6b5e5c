-- One row is one report that one file carried, with what became of its rows: those with rows set aside first.
-- `reports` is how many there are in all; at the most `$most` are listed.
SELECT
    publisher, url, published,
    sum(stands_for)::BIGINT AS rows_read,
    coalesce(sum(stands_for) FILTER (state = 'accepted'), 0)::BIGINT AS accepted,
    coalesce(sum(stands_for) FILTER (state = 'pending'), 0)::BIGINT AS pending,
    coalesce(sum(stands_for) FILTER (state = 'quarantined'), 0)::BIGINT AS quarantined,
    count(*) OVER () AS reports
FROM rows_read
WHERE situation = $situation AND file = $file
GROUP BY publisher, url, published
ORDER BY quarantined + pending DESC, published, publisher NULLS LAST, url
LIMIT $most;
