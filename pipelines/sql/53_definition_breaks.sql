-- One row is one day on which what an organisation counts under one measure became something else, or ended.
-- Nothing is computed across it unless a bridge is documented. A definition breaks with the one before it; one that
-- ends on a day with no successor on the next breaks there too.
CREATE VIEW definition_breaks AS
WITH ordered AS (
    SELECT
        *,
        row_number() OVER counted AS position,
        lead(since) OVER counted AS next_since
    FROM definitions
    WINDOW counted AS (PARTITION BY situation, organisation, measure, population ORDER BY since NULLS FIRST, until)
),
days AS (
    SELECT situation, organisation, measure, population, since AS happened, break_reason_es, break_reason_en
    FROM ordered
    WHERE since IS NOT NULL AND (position > 1 OR break_reason_es IS NOT NULL OR break_reason_en IS NOT NULL)
    UNION ALL
    SELECT situation, organisation, measure, population, until + 1, NULL, NULL
    FROM ordered
    WHERE until IS NOT NULL AND next_since IS DISTINCT FROM until + 1
)
SELECT
    days.situation, days.organisation, days.measure, days.population, days.happened,
    max(days.break_reason_es) AS reason_es, max(days.break_reason_en) AS reason_en,
    count(bridges.happened) > 0 AS bridged,
    max(bridges.reason_es) AS bridge_es, max(bridges.reason_en) AS bridge_en, max(bridges.link) AS bridge_link
FROM days LEFT JOIN bridges USING (situation, organisation, measure, population, happened)
GROUP BY ALL;
