-- One row is one guarded key of one breakdown: whether it is about children, health or a facility, and the whole that
-- the cell is a part of.
CREATE TEMP TABLE cells_keyed AS
SELECT
    breakdown, split_part(part, '=', 1) AS key,
    bool_or(is_sensitive(part)) AS sensitive,
    min(without_part(breakdown, part)) AS whole
FROM (
    SELECT breakdown, unnest(string_split(breakdown, ';')) AS part
    FROM (SELECT DISTINCT breakdown FROM cells_guarded)
)
WHERE split_part(part, '=', 1) IN ('age', 'health', 'facility', 'group') OR is_sensitive(part)
GROUP BY ALL;
