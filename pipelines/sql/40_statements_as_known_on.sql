-- One row is one distinct statement about one moment of one series, however many reports carried it.
-- `standing` says what became of it:
--   stands      what the organisation says of that moment, as known on the day; two values first published on
--               one day both stand
--   superseded  a later statement about the same moment replaced it (a revision)
--   echo        a vaguer repetition, implied by a statement already known ("more than 300" after 310)
--   outranked   at second hand, where the point has a statement closer to its source
-- `contradicted` marks statements beside each other whose intervals share no number: shown, not resolved.
-- `source` holds placed claims: all claims of each point that it has any of. A point of which one claim speaks, which in
-- a large history is nearly every one, needs no comparing.
CREATE MACRO statements_from(source) AS TABLE
WITH crowded_points AS MATERIALIZED (
    SELECT point FROM query_table(source) GROUP BY point HAVING count(*) > 1
),
beside_each_other AS MATERIALIZED (
    FROM query_table(source) SEMI JOIN crowded_points USING (point)
),
crowded AS (
    SELECT
        point, qualifier, value, value_high,
        any_value(low) AS low,
        any_value(high) AS high,
        min(published) AS published,
        max(published) AS last_published,
        min(grade) AS grade,
        count(*) AS carriers,
        right(min(concat(published, grade, claim_id)), 16) AS claim_id
    FROM beside_each_other
    GROUP BY point, qualifier, value, value_high
),
echoes AS (
    SELECT DISTINCT vague.claim_id
    FROM crowded AS vague
    JOIN crowded AS sharp ON sharp.point = vague.point AND sharp.claim_id <> vague.claim_id
    WHERE sharp.published <= vague.published
        AND coalesce(sharp.low, 0) >= coalesce(vague.low, 0)
        AND coalesce(sharp.high, 'infinity'::DOUBLE) <= coalesce(vague.high, 'infinity'::DOUBLE)
        AND (
            (coalesce(sharp.low, 0), sharp.high) IS DISTINCT FROM (coalesce(vague.low, 0), vague.high)
            OR (sharp.published, sharp.claim_id) < (vague.published, vague.claim_id)
        )
),
set_aside AS (
    SELECT
        crowded.*,
        CASE
            WHEN echoes.claim_id IS NOT NULL THEN 'echo'
            WHEN grade = 3 AND min(grade) OVER (PARTITION BY point) < 3 THEN 'outranked'
        END AS aside
    FROM crowded LEFT JOIN echoes USING (claim_id)
),
ranked AS (
    SELECT *, (dense_rank() OVER (PARTITION BY point, aside ORDER BY published) - 1)::INTEGER AS revision
    FROM set_aside
),
judged AS (
    SELECT
        * EXCLUDE (aside),
        coalesce(
            aside,
            CASE WHEN revision < max(revision) OVER (PARTITION BY point, aside) THEN 'superseded' ELSE 'stands' END
        ) AS standing
    FROM ranked
),
compared AS (
    SELECT
        *,
        standing IN ('stands', 'outranked')
            AND coalesce(max(low) OVER beside > min(coalesce(high, 'infinity'::DOUBLE)) OVER beside, false) AS contradicted
    FROM judged
    WINDOW beside AS (PARTITION BY point, standing IN ('stands', 'outranked'))
),
told AS (
    SELECT
        claim.* EXCLUDE (published),
        compared.published, last_published, revision, standing, contradicted, carriers
    FROM compared JOIN beside_each_other AS claim USING (claim_id)
    UNION ALL BY NAME
    SELECT
        *, published AS last_published, 0 AS revision, 'stands' AS standing, false AS contradicted, 1 AS carriers
    FROM query_table(source) ANTI JOIN crowded_points USING (point)
)
SELECT
    situation, organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_basis, as_of_precision, qualifier, value, value_high, low, high,
    published, published_basis, last_published, revision, standing, contradicted, corrected, carriers,
    provenance, publisher, url, claim_id, point, suppressed, fewer_than
FROM told;

CREATE MACRO statements_as_known_on(known_on) AS TABLE
WITH known_placed AS MATERIALIZED (
    FROM placed_as_known_on(known_on)
)
FROM statements_from('known_placed');
