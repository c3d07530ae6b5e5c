-- One row is one file read, with what became of its rows.
CREATE TABLE files AS
SELECT
    situation,
    file,
    sum(stands_for)::BIGINT AS rows_read,
    coalesce(sum(stands_for) FILTER (state = 'accepted'), 0)::BIGINT AS accepted,
    coalesce(sum(stands_for) FILTER (state = 'pending'), 0)::BIGINT AS pending,
    coalesce(sum(stands_for) FILTER (state = 'quarantined'), 0)::BIGINT AS quarantined
FROM rows_read
GROUP BY situation, file;
