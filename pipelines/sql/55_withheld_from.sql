-- One row is one point whose value our own tables do not show: a cell below the situation's threshold that concerns
-- children, health or a facility, or a cell from which one could be had by subtraction.
-- At a moment with such a cell every cell under the same key is withheld, whoever states it: the cells of one key
-- are all that adds up with it, so no sum or difference of what is left can give it back. A cell that nobody stated
-- but that the total and its only sibling give away counts as stated.
CREATE MACRO withheld_from(source) AS TABLE
WITH parts AS (
    SELECT breakdown, unnest(string_split(breakdown, ';')) AS part
    FROM (SELECT DISTINCT breakdown FROM query_table(source) WHERE breakdown <> 'total')
),
named AS (
    SELECT breakdown, part, split_part(part, '=', 1) AS key, is_sensitive(part) AS sensitive FROM parts
),
keyed AS (
    SELECT breakdown, key, bool_or(sensitive) AS sensitive
    FROM named
    WHERE key IN ('age', 'health', 'facility', 'group')
    GROUP BY breakdown, key
),
siblings AS ( -- cells whose only sibling is a sensitive one: the parent less this cell is that sibling
    SELECT DISTINCT named.breakdown, without_part(named.breakdown, named.part) AS parent,
        CASE WHEN named.part = 'age=adult' THEN 'age' ELSE keyed.key END AS key
    FROM named LEFT JOIN keyed ON keyed.breakdown = named.breakdown AND keyed.sensitive
    WHERE named.part = 'age=adult' OR (named.key IN ('sex', 'service', 'sentenced') AND keyed.key IS NOT NULL)
),
cells AS (
    SELECT
        situation, organisation, breakdown, value, point, small_cell,
        hash(situation, measure, population, baseline, period_start, as_of) AS moment
    FROM query_table(source)
    JOIN (
        SELECT situation, (settings ->> 'small_cell')::INTEGER AS small_cell FROM situations
    ) USING (situation)
),
small AS (
    SELECT moment, key FROM cells JOIN keyed USING (breakdown) WHERE sensitive AND value < small_cell
    UNION
    SELECT cells.moment, siblings.key
    FROM cells
    JOIN siblings USING (breakdown)
    JOIN cells AS parent
        ON parent.moment = cells.moment AND parent.organisation = cells.organisation
        AND parent.breakdown = siblings.parent
    WHERE parent.value - cells.value BETWEEN 0 AND cells.small_cell - 1
)
SELECT DISTINCT
    cells.point,
    keyed.sensitive AND cells.value < cells.small_cell AS is_small
FROM cells
JOIN keyed USING (breakdown)
JOIN small USING (moment, key)
QUALIFY row_number() OVER (PARTITION BY cells.point ORDER BY is_small DESC) = 1;
