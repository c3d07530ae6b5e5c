-- One row is one gap, in hours, that placements could be joined by: how many would be, how many stays that makes, and
-- who is held at the cut for no other reason: between two placements that are joined.
WITH gaps AS (
    SELECT DISTINCT unnest([0, 6, 12, 24, 48, 168, 720, hours]) AS gap_hours, hours
    FROM (SELECT (epoch(getvariable('gap')) / 3600)::BIGINT AS hours)
)
SELECT
    gap_hours, gap_hours = hours AS is_stated,
    count(*) FILTER (gap <= to_hours(gap_hours) OR pair_fault IS NOT NULL OR same_stay) AS joined,
    count(*) - joined AS stays,
    count(*) FILTER (
        (gap <= to_hours(gap_hours) OR same_stay)
        AND out_day(reached) <= getvariable('cut') AND entered::DATE > getvariable('cut')
    ) AS between_at_cut
FROM rows_placed CROSS JOIN gaps
GROUP BY gap_hours, hours
ORDER BY gap_hours;
