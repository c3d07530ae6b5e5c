-- One row: what became of the rows read.
SELECT
    coalesce(sum(rows_read), 0)::BIGINT AS rows_read,
    coalesce(sum(accepted), 0)::BIGINT AS accepted,
    coalesce(sum(pending), 0)::BIGINT AS pending,
    coalesce(sum(quarantined), 0)::BIGINT AS quarantined
FROM files
WHERE situation = $situation;
