-- One row is one cell below the threshold that concerns children, health or a facility; or a cell whose whole gives
-- away such a sibling that nobody stated.
CREATE TEMP TABLE cells_small AS
WITH siblings AS ( -- cells whose only sibling is a sensitive one: the whole less this cell is that sibling
    SELECT DISTINCT parts.breakdown, without_part(parts.breakdown, part) AS whole,
        CASE WHEN part = 'age=adult' THEN 'age' ELSE keyed.key END AS key
    FROM (SELECT breakdown, unnest(string_split(breakdown, ';')) AS part FROM (SELECT DISTINCT breakdown FROM cells_keyed)) AS parts
    LEFT JOIN cells_keyed AS keyed ON keyed.breakdown = parts.breakdown AND keyed.sensitive
    WHERE part = 'age=adult'
        OR (split_part(part, '=', 1) IN ('sex', 'service', 'sentenced') AND keyed.key IS NOT NULL)
)
SELECT claim_id, moment, key
FROM cells_guarded JOIN cells_keyed USING (breakdown)
WHERE sensitive AND value < small_cell
UNION
SELECT cells.claim_id, cells.moment, siblings.key
FROM cells_guarded AS cells
JOIN siblings USING (breakdown)
JOIN cells_as_ever_stated AS wholes
    ON wholes.situation = cells.situation AND wholes.organisation = cells.organisation
    AND wholes.measure = cells.measure AND wholes.population = cells.population
    AND wholes.as_of = cells.as_of AND wholes.breakdown = siblings.whole
    AND wholes.period_start IS NOT DISTINCT FROM cells.period_start
WHERE wholes.value - cells.value BETWEEN 0 AND cells.small_cell - 1;
