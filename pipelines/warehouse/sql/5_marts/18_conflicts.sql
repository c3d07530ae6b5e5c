-- One row is one thing that does not add up through a span of days: a contradiction, or a figure in doubt that is part of
-- none (`lone`) with the figures before and after it. `people` is how many are in question; `state` is open, in_doubt or
-- explained; `conflict` is its key, twelve hex digits as a number; `place` orders the largest first. Of a figure in doubt
-- whose distance says nothing, or that is in doubt for its day alone, only that it is there is told (`sized` is false).
CREATE TABLE conflicts_stored AS
WITH doubted AS MATERIALIZED (
    SELECT
        span, claim_id, situation, kind, organisation, measure, population, breakdown, period_start, as_of, value,
        CASE doubt WHEN 'equals_other_count' THEN 'value_equals_other_measure' ELSE doubt END AS rule,
        doubt IN ('out_of_line', 'cumulative_falls', 'equals_other_count') AS sized,
        hash(situation, organisation, measure, population, breakdown, baseline) AS line,
        as_of - DATE '1970-01-01' AS moment, known_from, known_until
    FROM point_spans WHERE doubt IS NOT NULL
),
sides AS (
    SELECT finding, situation, unnest(claims) AS claim_id, known_from, known_until FROM contradiction_spans
),
met AS MATERIALIZED ( -- a contradiction and a figure of it that is in doubt
    SELECT
        finding, span, greatest(sides.known_from, doubted.known_from) AS known_from,
        least(sides.known_until, doubted.known_until) AS known_until
    FROM sides JOIN doubted USING (situation, claim_id)
    WHERE sides.known_from < doubted.known_until AND doubted.known_from < sides.known_until
),
doubtful AS (
    SELECT finding AS key, true AS doubtful, known_from, known_until FROM met
    UNION ALL
    SELECT finding, false, known_from, known_until FROM contradiction_spans WHERE finding IN (SELECT finding FROM met)
),
in_doubt AS (
    SELECT key AS finding, bool_or(doubtful) AS doubtful, known_from, known_until
    FROM sliced('doubtful') GROUP BY key, known_from, known_until
),
apart AS (
    SELECT span AS key, true AS met, known_from, known_until FROM met
    UNION ALL
    SELECT span, false, known_from, known_until FROM doubted WHERE value IS NOT NULL
),
lone AS MATERIALIZED (
    SELECT key AS span, row_number() OVER () AS asker, known_from, known_until
    FROM sliced('apart') GROUP BY key, known_from, known_until HAVING NOT bool_or(met)
),
fits AS MATERIALIZED (
    SELECT
        hash(situation, organisation, measure, population, breakdown, baseline) AS line,
        as_of - DATE '1970-01-01' AS moment, claim_id AS tie, struct_pack(value := value, claim_id := claim_id) AS choice,
        known_from, known_until
    FROM point_spans
    WHERE standing = 'stands' AND doubt IS NULL AND qualifier = 'exact' AND value IS NOT NULL
),
asking AS MATERIALIZED (
    SELECT lone.asker, doubted.line, doubted.moment, lone.known_from, lone.known_until
    FROM lone JOIN doubted USING (span)
),
asking_after AS (
    SELECT * REPLACE (-moment AS moment) FROM asking
),
fits_near AS MATERIALIZED (
    FROM fits SEMI JOIN asking USING (line)
),
fits_after AS (
    SELECT * REPLACE (-moment AS moment) FROM fits_near
),
around AS (
    SELECT asker AS key, choice AS before, NULL AS after, known_from, known_until FROM nearest_known('asking', 'fits_near')
    UNION ALL
    SELECT asker, NULL, choice, known_from, known_until FROM nearest_known('asking_after', 'fits_after')
),
placed AS (
    SELECT key AS asker, max(before) AS before, max(after) AS after, known_from AS since, known_until AS until
    FROM sliced('around') GROUP BY key, known_from, known_until
),
measured AS (
    SELECT
        doubted.*, since, until, before.value AS before_value, before.claim_id AS before_claim,
        CASE WHEN before.claim_id IS DISTINCT FROM after.claim_id THEN after.value END AS after_value,
        CASE WHEN before.claim_id IS DISTINCT FROM after.claim_id THEN after.claim_id END AS after_claim,
        CASE kind
            WHEN 'cumulative' THEN greatest(before.value - value, value - after.value)
            ELSE least(abs(before.value - value), abs(after.value - value))
        END AS distance
    FROM placed JOIN lone USING (asker) JOIN doubted USING (span)
),
found AS (
    SELECT
        finding, situation, rule, rules, organisation, measure, population, breakdown, period_start, as_of, published,
        amounts AS values, claims, people, severity, explanation, explanation_es, explanation_pt, explanation_link,
        CASE WHEN explanation_es IS NOT NULL THEN 'explained' WHEN doubtful THEN 'in_doubt' ELSE 'open' END AS state,
        false AS lone, true AS sized, coalesce(in_doubt.known_from, told.known_from) AS known_from,
        coalesce(in_doubt.known_until, told.known_until) AS known_until
    FROM contradiction_spans AS told LEFT JOIN in_doubt USING (finding)
    UNION ALL BY NAME
    SELECT
        situation, rule, [rule] AS rules, organisation, measure, population, breakdown, period_start, as_of,
        list_filter([value, before_value, after_value], lambda each: each IS NOT NULL) AS values,
        list_filter([claim_id, before_claim, after_claim], lambda each: each IS NOT NULL) AS claims,
        distance AS people, 'in_doubt' AS state, true AS lone, coalesce(distance > 0 AND sized, false) AS sized,
        since AS known_from, until AS known_until
    FROM measured
)
SELECT row_number() OVER () AS place, * EXCLUDE (finding)
FROM (
    SELECT
        *, concat('0x', left(md5(
            concat_ws('/', rule, CASE WHEN lone THEN claims[1] ELSE array_to_string(list_sort(claims), ',') END)
        ), 12))::BIGINT AS conflict
    FROM found
    ORDER BY situation, people DESC NULLS LAST, as_of DESC, rule, claims, known_from
);
DROP TABLE contradiction_spans;

-- The same as known on a day, and with everything published so far.
CREATE MACRO conflicts_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until) FROM conflicts_stored WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW conflicts AS
SELECT * EXCLUDE (known_from, known_until) FROM conflicts_stored WHERE known_until = DATE 'infinity';

-- One row is one contradiction, a situation's worst first, after those that nobody explained those that somebody did.
CREATE MACRO contradictions_from(source) AS TABLE
SELECT
    row_number() OVER (
        PARTITION BY situation ORDER BY explanation_es IS NOT NULL, people DESC, severity DESC, as_of DESC, rule, claims
    ) AS rank,
    situation, rule, organisation, measure, population, breakdown, period_start, as_of, published,
    values, claims, rules, people, severity, explanation, explanation_es, explanation_pt, explanation_link
FROM query_table(source) WHERE NOT lone;

CREATE MACRO contradictions_as_known_on(known_on) AS TABLE
WITH known AS (
    FROM conflicts_as_known_on(known_on)
)
FROM contradictions_from('known');

CREATE VIEW contradictions AS FROM contradictions_from('conflicts');
