-- One row is one snapshot of the lake: what was written, by which office, and when (seconds since 1970).
SELECT snapshot_id AS number, epoch(snapshot_time) AS moment, author AS office, commit_message AS note
FROM lake.snapshots()
WHERE snapshot_id > 0 -- the first has no table yet
ORDER BY number;
