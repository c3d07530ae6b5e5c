-- One row is one distinct statement, as known with everything published so far (`statements_stored`), or as known through
-- an earlier span of days (`statements_ended`). Spans through which nothing changed are one. Stored in the order in which
-- pages ask: a question about one organisation's measure reads a small stretch of the file. `published` is the day of the
-- claim that leads it, whose publisher stands beside; another may have carried it before.
-- First they are joined where they lie: the spans that only continue one before them go, and that one lasts longer.
CREATE TEMP TABLE spans_joined AS
WITH points_told_often AS (
    SELECT point FROM statement_lives GROUP BY point HAVING count(*) > 1
),
prints AS (
    SELECT rowid AS span, known_from, known_until, hash(*COLUMNS(* EXCLUDE (known_from, known_until))) AS print
    FROM statement_lives SEMI JOIN points_told_often USING (point)
),
ends AS (
    SELECT
        *, lag(known_until) OVER own IS DISTINCT FROM known_from AS begins,
        CASE WHEN lead(known_from) OVER own IS DISTINCT FROM known_until THEN known_until END AS ends
    FROM prints
    WINDOW own AS (PARTITION BY print ORDER BY known_from)
)
SELECT span, begins, min(ends) OVER onward AS lasts_until
FROM ends
WINDOW onward AS (PARTITION BY print ORDER BY known_from ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
QUALIFY NOT begins OR lasts_until > known_until;

UPDATE statement_lives SET known_until = lasts_until FROM spans_joined WHERE begins AND statement_lives.rowid = span;
DELETE FROM statement_lives USING spans_joined WHERE NOT begins AND statement_lives.rowid = span;
DROP TABLE spans_joined;

-- Organisations in the order in which their statements are stored, in portions: to join and sort all statements at once
-- takes many times the memory, and each portion looks through all of them. So a large history, for which there is more
-- memory, has few and large ones.
CREATE TEMP TABLE statement_portions AS
SELECT
    situation, organisation,
    ((sum(count(*)) OVER (ORDER BY situation, organisation) - 1)
        // greatest(500_000, sum(count(*)) OVER () // 4))::INTEGER AS portion
FROM statement_lives
GROUP BY situation, organisation;
SET VARIABLE portions = (SELECT coalesce(max(portion) + 1, 0) FROM statement_portions);

CREATE TEMP MACRO statements_of(chosen) AS TABLE
WITH own AS MATERIALIZED (
    FROM statement_portions WHERE portion = chosen
)
SELECT
    spans.situation, spans.organisation, spans.measure::measure_word AS measure, kind, spans.population, spans.breakdown,
    baseline, spans.period_start, window_basis, spans.as_of, as_of_basis, as_of_precision,
    spans.qualifier::qualifier_word AS qualifier, spans.value, spans.value_high, low, high, claims.published, published_basis,
    last_published, revision, standing, why_standing, doubt, contradicted, corrected, checked, checked_on, carriers, repeats,
    origins, provenance, publisher, url, claim_id, point, suppressed, fewer_than, known_from, known_until
FROM (FROM statement_lives SEMI JOIN own USING (situation, organisation)) AS spans
JOIN (FROM claims_stored SEMI JOIN own USING (situation, organisation)) AS claims USING (claim_id)
ORDER BY spans.situation, spans.organisation, spans.measure, spans.breakdown, spans.as_of;

CREATE TABLE statements_stored AS FROM statements_of(0) LIMIT 0;
CREATE TABLE statements_ended AS FROM statements_of(0) LIMIT 0;

CREATE MACRO statements_read_from(source) AS TABLE
SELECT * EXCLUDE (known_from, known_until) REPLACE (
    measure::VARCHAR AS measure,
    qualifier::VARCHAR AS qualifier,
    as_of_basis::VARCHAR AS as_of_basis,
    as_of_precision::VARCHAR AS as_of_precision,
    published_basis::VARCHAR AS published_basis,
    provenance::VARCHAR AS provenance
)
FROM query_table(source);

CREATE VIEW statements AS FROM statements_read_from('statements_stored');

-- The same as known on a day: those whose span holds it. As stored, closed lists are numbers: what counts many asks those.
CREATE MACRO statements_kept_as_known_on(known_on) AS TABLE
FROM statements_stored WHERE known_from <= known_on
UNION ALL
FROM statements_ended WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW statements_kept AS FROM statements_stored;

CREATE MACRO statements_as_known_on(known_on) AS TABLE
WITH known AS NOT MATERIALIZED (
    FROM statements_kept_as_known_on(known_on)
)
FROM statements_read_from('known');
