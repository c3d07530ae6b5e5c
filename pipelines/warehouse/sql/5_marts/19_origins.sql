-- One row is one statement and all who carried it: claims of one organisation with the same value of the same thing,
-- their moments no further apart than the situation's tolerance. Ten outlets that repeat one bulletin are one origin.
-- `corroborated`: an independent organisation says the same of the same thing and day, or something more exact that
-- lies within what is said here ("about 400" by 410; not 410 by "about 400", which says less). An open bound ("more
-- than 300") is corroborated by nothing but the same bound: any larger figure fits it, which confirms no number.
-- Another outlet is no corroboration; nor is a joint statement with the same speaker, another office of the same
-- government, a speaker nobody named (`unnamed`), or the press.
CREATE MACRO origins_from(source, carried) AS TABLE
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
spoken AS MATERIALIZED (
    SELECT
        situation, organisation, role, measure, population, breakdown, qualifier, value, value_high, period_start,
        low, high, as_of, published, publisher, claim_id, carriers, point,
        hash(situation, organisation, measure, population, breakdown, qualifier, value, value_high, period_start) AS said
    FROM query_table(source)
    WHERE NOT withheld
),
repeated AS (
    SELECT said FROM spoken GROUP BY said HAVING sum(carriers) > 1
),
known AS (
    SELECT point, organisation, role, said, (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance,
        qualifier, value, value_high
    FROM spoken SEMI JOIN repeated USING (said)
    JOIN situations USING (situation)
),
marked AS (
    SELECT
        placed.*, known.role, known.said,
        coalesce(
            placed.as_of - lag(placed.as_of) OVER (PARTITION BY said ORDER BY placed.as_of) > tolerance, false
        )::INTEGER AS jump
    FROM query_table(carried) AS placed
    JOIN known
        ON known.point = placed.point AND known.qualifier = placed.qualifier AND known.value = placed.value
        AND known.value_high IS NOT DISTINCT FROM placed.value_high
),
chained AS (
    SELECT *, sum(jump) OVER (PARTITION BY said ORDER BY as_of) AS island FROM marked
),
origins AS MATERIALIZED (
    SELECT
        any_value(situation) AS situation, any_value(organisation) AS organisation,
        any_value(role) AS role, any_value(measure) AS measure,
        any_value(population) AS population, any_value(breakdown) AS breakdown,
        any_value(period_start) AS period_start, any_value(qualifier) AS qualifier, any_value(value) AS value,
        any_value(value_high) AS value_high, any_value(low) AS low, any_value(high) AS high,
        min(as_of) AS as_of, max(as_of) AS last_as_of,
        count(DISTINCT publisher) AS carriers, count(*) AS repetitions,
        arg_min(publisher, row(published, claim_id)) AS first_publisher,
        min(published) AS first_day, max(published) AS last_day,
        list_sort(list(DISTINCT publisher)) AS publishers, list(claim_id ORDER BY published, claim_id) AS claims,
        arg_min(claim_id, row(published, claim_id)) AS claim
    FROM chained
    GROUP BY said, island
    UNION ALL -- said once: nothing to bring together, which in a large history is nearly everything
    SELECT
        situation, organisation, role, measure, population, breakdown, period_start, qualifier, value,
        value_high, low, high, as_of, as_of, 1, 1, publisher, published, published, [publisher], [claim_id], claim_id
    FROM spoken ANTI JOIN repeated USING (said)
),
peers AS MATERIALIZED (
    SELECT
        hash(claim) AS origin, organisation::organisation_word AS organisation, speaker, bloc,
        low, high, qualifier, hash(situation, measure, population, breakdown, period_start, as_of) AS thing
    FROM origins JOIN speakers USING (situation, organisation)
    WHERE NOT silent
),
met AS (
    SELECT one.origin, one.speaker AS one, two.speaker AS other, two.organisation
    FROM peers AS one JOIN peers AS two
        ON two.thing = one.thing AND two.low IS NOT DISTINCT FROM one.low AND two.high IS NOT DISTINCT FROM one.high
    WHERE two.bloc <> one.bloc
    UNION ALL
    SELECT one.origin, one.speaker, two.speaker, two.organisation
    FROM (FROM peers WHERE low < high) AS one
    JOIN (FROM peers WHERE low <= high) AS two ON two.thing = one.thing
    WHERE two.bloc <> one.bloc AND two.low >= one.low AND two.high <= one.high
        AND (two.low > one.low OR two.high < one.high)
),
backed AS (
    SELECT origin, list_sort(list_distinct(list(organisation))) AS corroborated_by
    FROM met ANTI JOIN joint USING (one, other)
    GROUP BY origin
)
SELECT
    origins.situation, origins.organisation, origins.role, origins.measure, origins.population, origins.breakdown,
    origins.period_start, origins.as_of, origins.last_as_of, origins.qualifier, origins.value, origins.value_high,
    origins.carriers, origins.repetitions, origins.first_publisher, origins.first_day, origins.last_day,
    backed.origin IS NOT NULL AS corroborated, origins.claim, origins.publishers, origins.claims,
    coalesce(backed.corroborated_by, []) AS corroborated_by
FROM origins LEFT JOIN backed ON backed.origin = hash(origins.claim);

CREATE MACRO origins_as_known_on(known_on) AS TABLE
WITH known_placed AS MATERIALIZED (
    FROM placed_as_known_on(known_on)
),
known_points AS MATERIALIZED (
    FROM points_as_known_on(known_on)
)
SELECT * REPLACE (corroborated_by::VARCHAR[] AS corroborated_by) FROM origins_from('known_points', 'known_placed');

CREATE TABLE origins_stored AS FROM origins_from('points', 'placed_points');
CREATE VIEW origins AS
SELECT * REPLACE (corroborated_by::VARCHAR[] AS corroborated_by) FROM origins_stored;
