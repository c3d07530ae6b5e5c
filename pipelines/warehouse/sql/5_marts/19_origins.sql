-- One row is one statement and all who carried it: claims of one organisation with the same value of the same thing,
-- their moments no further apart than the situation's tolerance. Ten outlets that repeat one bulletin are one origin.
-- `corroborated`: an independent organisation says the same of the same thing and day, or something more exact that
-- lies within what is said here ("about 400" by 410; not 410 by "about 400", which says less). An open bound ("more
-- than 300") is corroborated by nothing but the same bound: any larger figure fits it, which confirms no number.
-- Another outlet is no corroboration; nor is a joint statement with the same speaker, another office of the same
-- government, a speaker nobody named (`unnamed`), or the press.
-- First what was said more than once, by so many claims as one origin through each of its spans of days. In a large history
-- nearly everything was said once: nothing to bring together (`said_once`).
CREATE TEMP MACRO said_of(situation, organisation, measure, population, breakdown, qualifier, value, value_high, period_start) AS
    hash(situation, organisation, measure, population, breakdown, qualifier, value, value_high, period_start);

CREATE TEMP TABLE spans_said AS
SELECT
    span, carriers, point, hash(claim_id) AS claim, known_from, known_until,
    said_of(situation, organisation, measure, population, breakdown, qualifier, value, value_high, period_start) AS said
FROM point_spans
WHERE NOT withheld;

CREATE TEMP TABLE said_once AS
SELECT said, min(span) AS span, min(known_from) AS known_from, max(known_until) AS known_until
FROM spans_said
GROUP BY said
HAVING max(carriers) = 1 AND min(claim) = max(claim) AND min(point) = max(point)
    AND sum(least(known_until, DATE '9999-12-31') - spans_said.known_from)
        = max(least(spans_said.known_until, DATE '9999-12-31')) - min(spans_said.known_from);

CREATE TEMP TABLE repeated AS
SELECT DISTINCT said FROM spans_said ANTI JOIN said_once USING (said);
DROP TABLE spans_said;

CREATE TEMP TABLE origins_carried AS
WITH placed AS (
    SELECT
        *, said_of(situation, organisation, measure, population, breakdown, qualifier, value, value_high, period_start) AS said
    FROM placed_spans
    WHERE value IS NOT NULL
),
marked AS ( -- moments that are further apart were never one origin
    SELECT
        *, as_of - lag(as_of) OVER (PARTITION BY said ORDER BY as_of) > tolerance AS jump,
        bool_or(as_of IS NULL) OVER (PARTITION BY said) AS undated_too
    FROM placed SEMI JOIN repeated USING (said)
    JOIN (SELECT situation, organisation, role FROM organisations) USING (situation, organisation)
    JOIN (
        SELECT situation, (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance FROM situations
    ) USING (situation)
),
chained AS (
    SELECT
        * EXCLUDE (jump, undated_too),
        hash(said, sum((jump AND NOT undated_too)::INTEGER) OVER (PARTITION BY said ORDER BY as_of)) AS key
    FROM marked
),
known AS (
    SELECT *, coalesce(
        as_of - lag(as_of) OVER (PARTITION BY key, known_from ORDER BY as_of) > tolerance, false
    )::INTEGER AS jump
    FROM sliced('chained')
),
together AS (
    SELECT *, sum(jump) OVER (PARTITION BY key, known_from ORDER BY as_of) AS island FROM known
)
SELECT
    -row_number() OVER () AS origin, any_value(situation) AS situation, any_value(organisation) AS organisation,
    any_value(role) AS role, any_value(measure) AS measure, any_value(population) AS population, any_value(breakdown) AS breakdown,
    any_value(period_start) AS period_start, min(as_of) AS as_of, max(as_of) AS last_as_of,
    any_value(qualifier) AS qualifier, any_value(value) AS value, any_value(value_high) AS value_high,
    any_value(low) AS low, any_value(high) AS high, count(DISTINCT publisher) AS carriers, count(*) AS repetitions,
    arg_min(publisher, row(published, claim_id)) AS first_publisher,
    min(published) AS first_day, max(published) AS last_day, arg_min(claim_id, row(published, claim_id)) AS claim,
    list_sort(list(DISTINCT publisher)) AS publishers, list(claim_id ORDER BY published, claim_id) AS claims,
    known_from, any_value(known_until) AS known_until
FROM together
GROUP BY key, known_from, island;
DROP TABLE repeated;

-- Both together; the lists of one are left to be told.
CREATE TEMP VIEW origins_spoken AS
FROM origins_carried
UNION ALL
SELECT
    span, situation, organisation, role, measure, population, breakdown, period_start, as_of, as_of, qualifier, value,
    value_high, low, high, 1, 1, publisher, published, published, claim_id, NULL, NULL, said_once.known_from,
    said_once.known_until
FROM point_spans JOIN said_once USING (span);

-- One row is one that others corroborate, with each of them and the days through which it does (`backers`).
CREATE TEMP TABLE backed_origins AS
WITH speakers AS (
    SELECT
        situation, organisation, members, unnamed OR role = 'media' AS silent,
        row_number() OVER (ORDER BY situation, organisation)::INTEGER AS speaker,
        CASE WHEN role = 'government' THEN 0 ELSE speaker END AS bloc
    FROM organisations
),
joint AS ( -- who stands behind one statement with whom, or with what they signed together
    SELECT one.speaker AS one, two.speaker AS other
    FROM speakers AS one JOIN speakers AS two USING (situation)
    WHERE list_contains(one.members, two.organisation) OR list_contains(two.members, one.organisation)
        OR list_has_any(one.members, two.members)
),
peers AS MATERIALIZED (
    SELECT
        origin, organisation::organisation_word AS organisation, speaker, bloc, low, high,
        hash(situation, measure, population, breakdown, period_start, as_of) AS thing, known_from, known_until
    FROM origins_spoken JOIN speakers USING (situation, organisation)
    WHERE NOT silent
),
met AS (
    SELECT
        one.origin, one.speaker AS one, two.speaker AS other, two.organisation,
        one.known_from AS asked_from, one.known_until AS asked_until, two.known_from, two.known_until
    FROM peers AS one JOIN peers AS two
        ON two.thing = one.thing AND two.low IS NOT DISTINCT FROM one.low AND two.high IS NOT DISTINCT FROM one.high
    WHERE two.bloc <> one.bloc AND two.known_from < one.known_until AND one.known_from < two.known_until
    UNION ALL
    SELECT
        one.origin, one.speaker, two.speaker, two.organisation,
        one.known_from, one.known_until, two.known_from, two.known_until
    FROM (FROM peers WHERE low < high) AS one
    JOIN (FROM peers WHERE low <= high) AS two ON two.thing = one.thing
    WHERE two.bloc <> one.bloc AND two.low >= one.low AND two.high <= one.high
        AND (two.low > one.low OR two.high < one.high)
        AND two.known_from < one.known_until AND one.known_from < two.known_until
)
SELECT
    origin,
    list(struct_pack(
        organisation := organisation, since := greatest(known_from, asked_from), until := least(known_until, asked_until)
    )) AS backers,
    any_value(asked_from) AS known_from, any_value(asked_until) AS known_until,
    min(greatest(known_from, asked_from)) AS since, bool_and(known_until >= asked_until) AS lasting
FROM met ANTI JOIN joint USING (one, other)
GROUP BY origin;

-- One row is one origin through a span of days in which it was corroborated all along, or not at all. Those that several
-- carried come first: the list asks for them.
CREATE TABLE origins_stored AS
WITH parts AS (
    SELECT origin AS key, true AS corroborated, each.since AS known_from, each.until AS known_until
    FROM (SELECT origin, unnest(backers) AS each FROM backed_origins WHERE NOT lasting)
    UNION ALL
    SELECT origin, false, known_from, known_until FROM backed_origins WHERE NOT lasting
),
spans AS ( -- nearly always nobody who corroborates is gone again
    SELECT origin, since AS starts, known_until AS ends, backers FROM backed_origins WHERE lasting
    UNION ALL
    SELECT origin, known_from, since, NULL FROM backed_origins WHERE lasting AND since > known_from
    UNION ALL
    SELECT origin, parts.known_from, parts.known_until, CASE WHEN corroborated THEN backers END
    FROM (
        SELECT key AS origin, known_from, known_until, bool_or(corroborated) AS corroborated
        FROM sliced('parts') GROUP BY key, known_from, known_until
    ) AS parts JOIN backed_origins USING (origin)
),
told AS NOT MATERIALIZED (
    SELECT
        origins_spoken.* EXCLUDE (origin, low, high)
            REPLACE (coalesce(starts, known_from) AS known_from, coalesce(ends, known_until) AS known_until),
        backers IS NOT NULL AS corroborated, backers
    FROM origins_spoken LEFT JOIN spans USING (origin)
)
(FROM told WHERE carriers > 1 ORDER BY situation, carriers DESC, first_day DESC, claim)
UNION ALL
(FROM told WHERE carriers = 1);
DROP VIEW origins_spoken;
DROP TABLE backed_origins;
DROP TABLE origins_carried;
DROP TABLE said_once;
DROP MACRO said_of;

CREATE MACRO origins_as_known_on(known_on) AS TABLE
SELECT
    situation, organisation, role, measure, population, breakdown, period_start, as_of, last_as_of, qualifier, value,
    value_high, carriers, repetitions, first_publisher, first_day, last_day, corroborated, claim,
    coalesce(publishers, [first_publisher]) AS publishers, coalesce(claims, [claim]) AS claims,
    coalesce(list_sort(list_distinct(list_transform(
        list_filter(backers, lambda each: each.since <= known_on AND each.until > known_on),
        lambda each: each.organisation
    ))), [])::VARCHAR[] AS corroborated_by
FROM origins_stored
WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW origins AS FROM origins_as_known_on(DATE '9999-12-31');
