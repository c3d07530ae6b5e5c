-- One row is one day on which what an organisation counts under one measure became something else, or ended.
-- Nothing is computed across it unless a bridge is documented. A definition breaks with the one before it; one that
-- ends on a day with no successor on the next breaks there too. `kind` is `unit` where what is counted is no longer
-- the same thing (people, arrests, orders …), else `definition`. A bridge counts from the day on which it was decided.
CREATE MACRO definition_breaks_as_known_on(known_on) AS TABLE
WITH ordered AS (
    SELECT
        *,
        row_number() OVER counted AS position,
        lag(unit) OVER counted AS unit_before,
        lead(since) OVER counted AS next_since
    FROM definitions
    WINDOW counted AS (PARTITION BY situation, organisation, measure, population ORDER BY since NULLS FIRST, until)
),
days AS (
    SELECT
        situation, organisation, measure, population, since AS happened,
        break_reason_es, break_reason_en, break_reason_pt, coalesce(unit <> unit_before, false) AS other_unit
    FROM ordered
    WHERE since IS NOT NULL AND (position > 1 OR coalesce(break_reason_es, break_reason_en, break_reason_pt) IS NOT NULL)
    UNION ALL
    SELECT situation, organisation, measure, population, until + 1, NULL, NULL, NULL, false
    FROM ordered
    WHERE until IS NOT NULL AND next_since IS DISTINCT FROM until + 1
)
SELECT
    days.situation, days.organisation, days.measure, days.population, days.happened,
    CASE WHEN bool_or(other_unit) THEN 'unit' ELSE 'definition' END AS kind,
    max(days.break_reason_es) AS reason_es, max(days.break_reason_en) AS reason_en,
    max(days.break_reason_pt) AS reason_pt,
    count(bridges.happened) > 0 AS bridged,
    max(bridges.reason_es) AS bridge_es, max(bridges.reason_en) AS bridge_en,
    max(bridges.reason_pt) AS bridge_pt, max(bridges.link) AS bridge_link
FROM days
LEFT JOIN (FROM bridges WHERE decided <= known_on) AS bridges
    USING (situation, organisation, measure, population, happened)
GROUP BY ALL;

CREATE VIEW definition_breaks AS FROM definition_breaks_as_known_on(DATE '9999-12-31');
