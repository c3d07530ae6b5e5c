-- One row is one break in what an organisation counts: of its definition, its unit, or the day its cumulative counts from.
-- Nothing is computed across an unbridged one; two baselines are two series to begin with.
CREATE MACRO breaks_from(source, known_on) AS TABLE
WITH starts AS (
    SELECT situation, organisation, measure, population, baseline, min(as_of) AS happened, count(*) AS figures
    FROM query_table(source)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND breakdown = 'total'
    GROUP BY ALL
),
changed AS (
    SELECT *, lag(baseline) OVER (
        PARTITION BY situation, organisation, measure, population ORDER BY happened, baseline
    ) AS baseline_before
    FROM starts
    WHERE figures > 1
)
SELECT
    situation, organisation, measure, population, kind, happened,
    NULL::DATE AS baseline_before, NULL::DATE AS baseline,
    reason_es, reason_en, reason_pt, bridged, bridge_es, bridge_en, bridge_pt, bridge_link
FROM definition_breaks_as_known_on(known_on)
UNION ALL BY NAME
SELECT situation, organisation, measure, population, 'baseline' AS kind, happened, baseline_before, baseline, false AS bridged
FROM changed
WHERE baseline_before IS NOT NULL;

CREATE MACRO breaks_as_known_on(known_on) AS TABLE
WITH known_statements AS NOT MATERIALIZED (
    FROM statements_as_known_on(known_on) WHERE standing = 'stands' AND doubt IS NULL AND NOT suppressed
)
FROM breaks_from('known_statements', known_on);

CREATE TABLE breaks AS FROM breaks_as_known_on(DATE '9999-12-31');
