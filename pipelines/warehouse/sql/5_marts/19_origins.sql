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
        *, coalesce(as_of - lag(as_of) OVER (PARTITION BY said ORDER BY as_of) > tolerance, false) AS jump,
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
    list_sort(list(DISTINCT publisher)) AS publishers, listed(claim_id, row(published, claim_id)) AS claims,
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

CREATE TEMP MACRO thing_of(situation, measure, population, breakdown, period_start, as_of) AS
    hash(situation, measure, population, breakdown, period_start, as_of);

CREATE TEMP TABLE speakers AS
SELECT
    situation, organisation, members, unnamed OR role = 'media' AS silent,
    row_number() OVER (ORDER BY situation, organisation)::INTEGER AS speaker,
    CASE WHEN role = 'government' THEN 0 ELSE speaker END AS bloc
FROM organisations;

CREATE TEMP TABLE joint_speakers AS -- who stands behind one statement with whom, or with what they signed together
SELECT one.speaker AS one, two.speaker AS other
FROM speakers AS one JOIN speakers AS two USING (situation)
WHERE list_contains(one.members, two.organisation) OR list_contains(two.members, one.organisation)
    OR list_has_any(one.members, two.members);

-- One row is one origin whose speaker may corroborate others and be corroborated, with what it is about (`thing`), the number
-- of its speaker, and what that stands for: governments are one.
CREATE TEMP TABLE peers AS
SELECT
    origin, organisation::organisation_word AS organisation, speaker, bloc, low, high,
    thing_of(situation, measure, population, breakdown, period_start, as_of) AS thing, known_from, known_until
FROM origins_spoken JOIN speakers USING (situation, organisation)
WHERE NOT silent;

-- Where many speak of the same thing each has many others to be set beside: of a hundred times as many pairs as origins each
-- has a portion; what several carried is the first.
SET VARIABLE portions = (
    SELECT CASE WHEN pairs > 100 * origins THEN 1 + ceil(pairs / (100 * origins))::INTEGER ELSE 1 END
    FROM (SELECT sum(count * count)::DOUBLE AS pairs, sum(count) AS origins FROM (SELECT count(*) AS count FROM peers GROUP BY thing))
);
CREATE TEMP MACRO portion_of(several, thing) AS
    CASE WHEN several OR getvariable('portions') = 1 THEN 0 ELSE 1 + thing % (getvariable('portions') - 1) END;

-- One row is one origin through a span of days in which it was corroborated all along, or not at all. Those that several
-- carried come first: the list asks for them.
CREATE TABLE origins_stored AS
SELECT
    * EXCLUDE (origin, low, high), false AS corroborated,
    [struct_pack(organisation := organisation::organisation_word, since := known_from, until := known_until)] AS backers
FROM origins_spoken LIMIT 0;
