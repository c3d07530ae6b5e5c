-- One row is one figure about releases with its place on the way from promise to fact: `announced` by anyone, `claimed`
-- as done by a government, `verified` by an independent organisation, `repeated` by others. Through each span of days in which it counted.
CREATE TABLE releases_by_role_spans AS
SELECT
    situation, role, organisation,
    CASE
        WHEN kind = 'promise' THEN 'announced'
        WHEN role = 'government' THEN 'claimed'
        WHEN role IN ('ngo', 'international') THEN 'verified'
        ELSE 'repeated'
    END AS stage,
    measure, population, breakdown, period_start, as_of, qualifier, value, low, high, published, claim_id AS claim,
    known_from, known_until
FROM point_spans
WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld
    AND measure IN ('release_announced', 'released', 'released_to_date');

CREATE MACRO releases_by_role_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until)
FROM releases_by_role_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW releases_by_role AS
SELECT * EXCLUDE (known_from, known_until) FROM releases_by_role_spans WHERE known_until = DATE 'infinity';
