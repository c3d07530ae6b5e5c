-- One row is one span of days of one distinct statement about one moment of one series, with all that speaks for it: the
-- best grade of its reports, whether one of them states the cut-off (`dated`), how many independent publishers carried
-- it (`origins`), and whether that is support: first hand, or two of them. `claim_id` is the claim closest to its source:
-- what another repeats, whose grade is best, that was read again, that states its cut-off, the first published of those.
-- `series` parts where what is counted became something else; a bridge joins it from the day on which it was decided.
-- A point of which one claim speaks, which in a large history is nearly every one, needs no grouping.
CREATE OR REPLACE TEMP TABLE told_lives AS
WITH unbridged AS ( -- what is counted, with the days across which nothing is computed, through spans of days
    SELECT
        situation, organisation, measure, population, known_from,
        lead(known_from, 1, DATE 'infinity') OVER counted AS known_until,
        list_filter(happened, lambda each: each.bridged > known_from) AS days
    FROM (
        SELECT
            situation, organisation, measure, population, list(struct_pack(happened := happened, bridged := bridged)) AS happened,
            unnest(list_distinct([DATE '-infinity'] || list(bridged) FILTER (bridged < DATE 'infinity'))) AS known_from
        FROM (
            SELECT situation, organisation, measure, population, happened, coalesce(min(decided), DATE 'infinity') AS bridged
            FROM definition_breaks LEFT JOIN bridges USING (situation, organisation, measure, population, happened)
            GROUP BY ALL
        )
        GROUP BY situation, organisation, measure, population
    )
    WINDOW counted AS (PARTITION BY situation, organisation, measure, population ORDER BY known_from)
),
crowded_points AS MATERIALIZED (
    SELECT point FROM placed_lives GROUP BY point HAVING count(*) > 1
),
crowded AS MATERIALIZED ( -- narrow: in a history of many reports these are nearly all claims, on each day anew
    SELECT
        point, claim_id, known_from, known_until, qualifier, value, value_high, withdrawn, published, grade, repeats, undated,
        checked, checked_on, hash(origin_of(publisher)) AS origin
    FROM placed_lives SEMI JOIN crowded_points USING (point)
),
spans AS (
    SELECT point, day, lead(day) OVER (PARTITION BY point ORDER BY day) AS next_day
    FROM (SELECT DISTINCT point, unnest([known_from, known_until]) AS day FROM crowded)
),
together AS (
    SELECT
        crowded.point, day AS known_from, any_value(next_day) AS known_until, qualifier, value, value_high, withdrawn,
        right(min(concat(
            repeats::INTEGER, grade, (checked IS NULL)::INTEGER, undated::INTEGER, published, claim_id
        )), 16) AS claim_id,
        min(published) AS published, max(published) AS last_published, min(grade) AS grade, count(*) AS carriers,
        count(*) FILTER (repeats) AS repeats,
        bool_or(NOT undated) AS dated, count(DISTINCT origin) AS origins,
        min(checked) AS checked, max(checked_on) AS checked_on
    FROM crowded JOIN spans
        ON spans.point = crowded.point AND crowded.known_from <= day AND day < crowded.known_until
    GROUP BY crowded.point, day, qualifier, value, value_high, withdrawn
),
told AS (
    SELECT
        claim.* EXCLUDE (published, grade, checked, checked_on, repeats, known_from, known_until), together.published,
        last_published, together.grade, carriers, together.repeats, dated, origins, together.checked, together.checked_on,
        together.known_from, together.known_until
    FROM together JOIN placed_lives AS claim
        ON claim.claim_id = together.claim_id
        AND claim.known_from <= together.known_from AND together.known_from < claim.known_until
    UNION ALL BY NAME
    SELECT
        * REPLACE (repeats::INTEGER AS repeats), published AS last_published, 1 AS carriers, NOT undated AS dated, 1 AS origins
    FROM placed_lives ANTI JOIN crowded_points USING (point)
)
SELECT
    row_number() OVER ()::INTEGER AS told,
    told.* EXCLUDE (known_from, known_until, stated_as_of, stated_start, cut_off, starts, provenance, publisher, undated),
    told.grade = 1 OR origins > 1 AS supported,
    coalesce(origins = 1 AND told.grade > 1 AND NOT withdrawn AND low = high, false) AS alone, -- and exact
    hash(
        told.situation, told.organisation, told.measure, told.population, breakdown, baseline,
        coalesce(len(list_filter(unbridged.days, lambda each: each.happened <= told.as_of)), 0)
    ) AS series,
    greatest(told.known_from, coalesce(unbridged.known_from, told.known_from)) AS known_from,
    least(told.known_until, coalesce(unbridged.known_until, told.known_until)) AS known_until
FROM told
LEFT JOIN unbridged
    ON unbridged.situation = told.situation AND unbridged.organisation = told.organisation
    AND unbridged.measure = told.measure AND unbridged.population = told.population
    AND unbridged.known_from < told.known_until AND told.known_from < unbridged.known_until;
