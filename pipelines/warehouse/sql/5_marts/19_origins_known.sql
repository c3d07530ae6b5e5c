-- What only the origins were made from goes; one row is one origin, as known on a day.
DROP VIEW origins_told;
DROP VIEW origins_spoken;
DROP TABLE backed_origins;
DROP TABLE origins_carried;
DROP TABLE said_once;
DROP TABLE peers;
DROP TABLE joint_speakers;
DROP TABLE speakers;
DROP MACRO said_of;
DROP MACRO thing_of;
DROP MACRO portion_of;

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
