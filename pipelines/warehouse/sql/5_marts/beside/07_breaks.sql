-- One row is one break in what an organisation counts: of its definition, its unit, or the day its cumulative counts from.
-- Nothing is computed across an unbridged one; two baselines are two series to begin with.
CREATE MACRO breaks_from(source, known_on) AS TABLE
WITH starts AS (
    SELECT situation, organisation, measure, population, baseline, min(as_of) AS happened, min(published) AS told, count(*) AS figures
    FROM query_table(source)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND breakdown = 'total'
    GROUP BY ALL
),
changed AS (
    SELECT *, lag(baseline) OVER (
        PARTITION BY situation, organisation, measure, population ORDER BY happened, told, baseline
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

-- One row is one running total of a named organisation that counts from several days, through a span of days.
CREATE TABLE baseline_points AS
WITH totals AS NOT MATERIALIZED (
    SELECT situation, organisation, measure, population, kind, breakdown, baseline, as_of, published, known_from, known_until
    FROM point_spans
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND breakdown = 'total'
        AND standing = 'stands' AND doubt IS NULL AND NOT withheld AND NOT unnamed
),
several AS (
    SELECT situation, organisation, measure, population
    FROM totals GROUP BY ALL HAVING count(DISTINCT baseline) > 1
)
FROM totals SEMI JOIN several
    ON several.situation = totals.situation AND several.organisation = totals.organisation
    AND several.measure = totals.measure AND several.population IS NOT DISTINCT FROM totals.population;

CREATE MACRO breaks_as_known_on(known_on) AS TABLE
WITH known_points AS NOT MATERIALIZED (
    FROM baseline_points WHERE known_from <= known_on AND known_until > known_on
)
FROM breaks_from('known_points', known_on);

CREATE TABLE breaks AS FROM breaks_as_known_on(DATE '9999-12-31');
