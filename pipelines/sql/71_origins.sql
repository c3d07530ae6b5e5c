-- One row is one statement and all who carried it: claims of one organisation with the same value of the same thing,
-- their moments no further apart than the situation's tolerance. Ten outlets that repeat one bulletin are one origin.
-- `corroborated`: an independent organisation states a figure of the same thing and day that can be true at once.
-- Another outlet is none; nor is a joint statement with the same speaker, another office of the same government, a
-- speaker nobody named, or the press.
CREATE MACRO origins_from(source, judged) AS TABLE
WITH carried AS (
    SELECT placed.*, organisations.role, organisations.members, (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance,
        hash(placed.situation, placed.organisation, measure, population, breakdown, qualifier, value, value_high, period_start) AS said
    FROM query_table(source) AS placed
    JOIN organisations USING (situation, organisation)
    JOIN situations USING (situation)
    ANTI JOIN (SELECT DISTINCT point FROM query_table(judged) WHERE withheld) AS withheld USING (point)
),
repeated AS (
    SELECT said FROM carried GROUP BY said HAVING count(*) > 1
),
marked AS (
    SELECT *, coalesce(as_of - lag(as_of) OVER (PARTITION BY said ORDER BY as_of) > tolerance, false)::INTEGER AS jump
    FROM carried SEMI JOIN repeated USING (said)
),
chained AS (
    SELECT *, sum(jump) OVER (PARTITION BY said ORDER BY as_of) AS island FROM marked
),
origins AS (
    SELECT
        any_value(situation) AS situation, any_value(organisation) AS organisation,
        any_value(role) AS role, any_value(members) AS members, any_value(measure) AS measure,
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
        situation, organisation, role, members, measure, population, breakdown, period_start, qualifier, value,
        value_high, low, high, as_of, as_of, 1, 1, publisher, published, published, [publisher], [claim_id], claim_id
    FROM carried ANTI JOIN repeated USING (said)
),
peers AS (
    SELECT *, hash(situation, measure, population, breakdown, period_start, as_of) AS thing
    FROM origins
    WHERE role <> 'media' AND NOT starts_with(organisation, 'unspecified') AND NOT starts_with(organisation, 'unattributed')
),
met AS ( -- exact figures meet by value, bounds by overlap
    SELECT one.claim, two.organisation AS other
    FROM peers AS one JOIN peers AS two ON two.thing = one.thing AND two.low = one.low AND two.high = one.high
    WHERE one.qualifier = 'exact' AND two.qualifier = 'exact' AND two.organisation <> one.organisation
        AND NOT (one.role = 'government' AND two.role = 'government')
        AND NOT list_contains(one.members, two.organisation) AND NOT list_contains(two.members, one.organisation)
        AND NOT list_has_any(one.members, two.members)
    UNION
    SELECT one.claim, two.organisation
    FROM peers AS one JOIN peers AS two ON two.thing = one.thing
    WHERE NOT (one.qualifier = 'exact' AND two.qualifier = 'exact') AND two.organisation <> one.organisation
        AND coalesce(one.low <= two.high, true) AND coalesce(two.low <= one.high, true)
        AND NOT (one.role = 'government' AND two.role = 'government')
        AND NOT list_contains(one.members, two.organisation) AND NOT list_contains(two.members, one.organisation)
        AND NOT list_has_any(one.members, two.members)
),
backed AS (
    SELECT claim, list_sort(list(DISTINCT other)) AS corroborated_by FROM met GROUP BY claim
)
SELECT
    origins.situation, origins.organisation, origins.role, origins.measure, origins.population, origins.breakdown,
    origins.period_start, origins.as_of, origins.last_as_of, origins.qualifier, origins.value, origins.value_high,
    origins.carriers, origins.repetitions, origins.first_publisher, origins.first_day, origins.last_day,
    backed.claim IS NOT NULL AS corroborated, origins.claim, origins.publishers, origins.claims,
    coalesce(backed.corroborated_by, []) AS corroborated_by
FROM origins LEFT JOIN backed USING (claim);

CREATE MACRO origins_as_known_on(known_on) AS TABLE
WITH known_placed AS MATERIALIZED (
    FROM placed_as_known_on(known_on)
),
known_points AS MATERIALIZED (
    FROM points_as_known_on(known_on)
)
FROM origins_from('known_placed', 'known_points');

CREATE TEMP VIEW placed_points AS FROM placed_as_known_on(DATE '9999-12-31');
CREATE TABLE origins AS FROM origins_from('placed_points', 'points');
