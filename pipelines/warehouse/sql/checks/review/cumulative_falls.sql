-- One row is one cumulative total below an earlier one of the same series, the bounds of both considered. One that is
-- in doubt itself is set against the next only: a misprint above all others does not make each of them a fall.
CREATE MACRO rule_cumulative_falls(source) AS TABLE
WITH running AS MATERIALIZED (
    SELECT
        span, hash(situation, organisation, measure, population, breakdown, baseline, epoch) AS line, as_of, high,
        CASE WHEN low IS NOT NULL THEN struct_pack(low := low, claim_id := claim_id, published := published) END AS told,
        doubt IS NOT NULL AS doubted, known_from, known_until
    FROM query_table(source)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND standing = 'stands' AND epoch = epoch_start
),
asking AS MATERIALIZED ( -- `least` is the highest of the earlier ones that all later ones know for ever
    SELECT
        *, max(told) FILTER (steady AND NOT doubted) OVER earlier AS least, max(told.low) OVER earlier AS most
    FROM (
        SELECT *, known_until = DATE 'infinity' AND coalesce(known_from <= min(known_from) OVER (
            PARTITION BY line ORDER BY as_of RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING
        ), true) AS steady
        FROM running
    )
    WINDOW earlier AS (PARTITION BY line ORDER BY as_of RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING)
),
below AS MATERIALIZED (
    SELECT * FROM asking WHERE high < most
),
above AS (
    SELECT
        below.span AS asker, below.known_from AS asked_from, below.known_until AS asked_until, marks.told AS rank,
        marks.told AS choice, marks.known_from, marks.known_until
    FROM below
    JOIN (FROM asking WHERE NOT steady AND NOT doubted) AS marks
        ON marks.line = below.line AND marks.as_of < below.as_of AND marks.told.low > below.high
        AND marks.told >= coalesce(below.least, marks.told)
        AND marks.known_from < below.known_until AND marks.known_until > below.known_from
    UNION ALL
    SELECT span, known_from, known_until, least, least, known_from, known_until FROM below
),
highest AS MATERIALIZED (
    FROM best_known('above')
),
misprinted AS MATERIALIZED (
    SELECT span AS asker, line, as_of - DATE '1970-01-01' - 1 AS moment, known_from, known_until
    FROM below SEMI JOIN (FROM running WHERE doubted) AS doubted USING (line)
),
marks AS (
    SELECT
        line, as_of - DATE '1970-01-01' AS moment, told AS tie, struct_pack(told := told, doubted := doubted) AS choice,
        known_from, known_until
    FROM running SEMI JOIN misprinted USING (line) WHERE told IS NOT NULL
),
latest AS MATERIALIZED (
    FROM nearest_known('misprinted', 'marks') WHERE choice.doubted
),
beside AS (
    SELECT asker AS key, choice AS highest, NULL AS latest, known_from, known_until FROM highest
    UNION ALL
    SELECT asker, NULL, choice.told, known_from, known_until FROM latest
),
before AS (
    SELECT
        key AS span, known_from, known_until,
        CASE WHEN max(latest).low > coalesce(max(highest).low, -1) THEN max(latest) ELSE max(highest) END AS before
    FROM sliced('beside')
    GROUP BY key, known_from, known_until
)
SELECT
    'cumulative_falls' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    greatest(published, before.published) AS published,
    CASE WHEN withheld THEN [NULL, NULL] ELSE [before.low, high] END AS amounts,
    [before.claim_id, claim_id] AS claims, before.low - high AS people, before.low AS largest,
    before.known_from, before.known_until
FROM before JOIN query_table(source) AS fallen USING (span)
WHERE high < before.low;
