-- One row is one figure about releases with its place on the way from promise to fact: `announced` by anyone, `claimed`
-- as done by a government, `verified` by an independent organisation, `repeated` by others.
CREATE MACRO releases_by_role_from(source) AS TABLE
SELECT
    situation, role, organisation,
    CASE
        WHEN kind = 'promise' THEN 'announced'
        WHEN role = 'government' THEN 'claimed'
        WHEN role IN ('ngo', 'international') THEN 'verified'
        ELSE 'repeated'
    END AS stage,
    measure, population, breakdown, period_start, as_of, qualifier, value, low, high, published, claim_id AS claim
FROM query_table(source)
WHERE measure IN ('release_announced', 'released', 'released_to_date');

CREATE MACRO releases_by_role_as_known_on(known_on, within := NULL) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM standing_points_as_known_on(known_on, within := within)
)
FROM releases_by_role_from('known_points');

CREATE TABLE releases_by_role AS FROM releases_by_role_from('standing_points');
