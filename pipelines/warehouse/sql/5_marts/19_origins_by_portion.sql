-- One row is one of this portion's that others corroborate, with each of them and the days through which it does (`backers`).
CREATE OR REPLACE TEMP TABLE backed_origins AS
WITH asking AS (
    FROM peers WHERE portion_of(origin < 0, thing) = getvariable('portion')
),
met AS (
    SELECT
        one.origin, one.speaker AS one, two.speaker AS other, two.organisation,
        one.known_from AS asked_from, one.known_until AS asked_until, two.known_from, two.known_until
    FROM asking AS one JOIN peers AS two
        ON two.thing = one.thing AND two.low IS NOT DISTINCT FROM one.low AND two.high IS NOT DISTINCT FROM one.high
    WHERE two.bloc <> one.bloc AND two.known_from < one.known_until AND one.known_from < two.known_until
    UNION ALL
    SELECT
        one.origin, one.speaker, two.speaker, two.organisation,
        one.known_from, one.known_until, two.known_from, two.known_until
    FROM (FROM asking WHERE low < high) AS one
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
FROM met ANTI JOIN joint_speakers USING (one, other)
GROUP BY origin;

-- One row is one origin of this portion as it is stored.
CREATE OR REPLACE TEMP VIEW origins_told AS
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
)
SELECT
    origins_spoken.* EXCLUDE (origin, low, high)
        REPLACE (coalesce(starts, known_from) AS known_from, coalesce(ends, known_until) AS known_until),
    backers IS NOT NULL AS corroborated, backers
FROM origins_spoken LEFT JOIN spans USING (origin)
WHERE portion_of(origin < 0, thing_of(situation, measure, population, breakdown, period_start, as_of)) = getvariable('portion');

INSERT INTO origins_stored
(FROM origins_told WHERE carriers > 1 ORDER BY situation, carriers DESC, first_day DESC, claim)
UNION ALL
(FROM origins_told WHERE carriers = 1);
