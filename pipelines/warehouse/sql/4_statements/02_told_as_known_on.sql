-- One row is one distinct statement about one moment of one series, with all that speaks for it: the best grade of its
-- reports, whether one of them states the cut-off (`dated`), how many independent publishers carried it (`origins`),
-- and whether that is support: first hand, or two of them. `claim_id` is the claim closest to its source: what another
-- repeats, whose grade is best, that was read again, that states its cut-off, the first published of those.
-- `series` parts where what is counted became something else. `source` holds placed claims: all claims of each point
-- that it has any of. A point of which one claim speaks, which in a large history is nearly every one, needs no grouping.
CREATE MACRO told_from(source, known_on) AS TABLE
WITH crowded_points AS MATERIALIZED (
    SELECT point FROM query_table(source) GROUP BY point HAVING count(*) > 1
),
together AS (
    SELECT
        point, qualifier, value, value_high, withdrawn,
        right(min(concat(
            repeats::INTEGER, grade, (checked IS NULL)::INTEGER, undated::INTEGER, published, claim_id
        )), 16) AS claim_id,
        min(published) AS published, max(published) AS last_published, min(grade) AS grade, count(*) AS carriers,
        count(*) FILTER (repeats) AS repeats,
        bool_or(NOT undated) AS dated, count(DISTINCT origin_of(publisher)) AS origins,
        min(checked) AS checked, max(checked_on) AS checked_on
    FROM query_table(source) SEMI JOIN crowded_points USING (point)
    GROUP BY point, qualifier, value, value_high, withdrawn
),
told AS (
    SELECT
        claim.* EXCLUDE (published, grade, checked, checked_on, repeats), together.published, last_published,
        together.grade, carriers, together.repeats, dated, origins, together.checked, together.checked_on
    FROM together JOIN query_table(source) AS claim USING (claim_id)
    UNION ALL BY NAME
    SELECT
        * REPLACE (repeats::INTEGER AS repeats), published AS last_published, 1 AS carriers, NOT undated AS dated, 1 AS origins
    FROM query_table(source) ANTI JOIN crowded_points USING (point)
)
SELECT
    told.*,
    told.grade = 1 OR origins > 1 AS supported,
    coalesce(origins = 1 AND told.grade > 1 AND NOT withdrawn AND low = high, false) AS alone, -- and exact
    hash(
        situation, organisation, measure, population, breakdown, baseline,
        coalesce(len(list_filter(broken.days, lambda day: day <= told.as_of)), 0)
    ) AS series
FROM told
LEFT JOIN unbridged_breaks_as_known_on(known_on) AS broken USING (situation, organisation, measure, population);
