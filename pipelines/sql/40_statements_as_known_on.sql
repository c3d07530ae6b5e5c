-- One row is one distinct statement about one moment of one series, however many reports carried it.
-- `standing` says what became of it:
--   stands      what the organisation says of that moment, as known on the day; two values first published on
--               one day both stand
--   superseded  a later statement about the same moment replaced it (a revision)
--   echo        a vaguer repetition, implied by a statement already known ("more than 300" after 310)
--   outranked   at second hand, where the point has a statement closer to its source
-- `contradicted` marks statements beside each other whose intervals share no number: shown, not resolved.
CREATE MACRO statements_as_known_on(known_on) AS TABLE
WITH placed AS MATERIALIZED (
    FROM placed_as_known_on(known_on)
),
stated AS (
    SELECT
        point, qualifier, value, value_high,
        any_value(low) AS low,
        any_value(high) AS high,
        min(published) AS published,
        max(published) AS last_published,
        min(grade) AS grade,
        count(*) AS carriers,
        right(min(concat(published, grade, claim_id)), 16) AS claim_id
    FROM placed
    GROUP BY point, qualifier, value, value_high
),
crowded AS (
    SELECT * FROM stated SEMI JOIN (SELECT point FROM stated GROUP BY point HAVING count(*) > 1) USING (point)
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
            AND max(low) OVER beside > min(coalesce(high, 'infinity'::DOUBLE)) OVER beside AS contradicted
    FROM judged
    WINDOW beside AS (PARTITION BY point, standing IN ('stands', 'outranked'))
    UNION ALL BY NAME
    SELECT *, 0 AS revision, 'stands' AS standing, false AS contradicted
    FROM stated ANTI JOIN (SELECT point FROM crowded) USING (point)
)
SELECT
    placed.situation, placed.organisation, placed.measure, placed.kind,
    placed.population, placed.breakdown, placed.baseline,
    placed.period_start, placed.window_basis,
    placed.as_of, placed.as_of_basis, placed.as_of_precision,
    placed.qualifier, placed.value, placed.value_high, placed.low, placed.high,
    compared.published, placed.published_basis, compared.last_published,
    compared.revision, compared.standing, compared.contradicted, placed.corrected, compared.carriers,
    placed.provenance, placed.publisher, placed.url, placed.claim_id, placed.point,
    placed.suppressed, placed.fewer_than
FROM compared JOIN placed USING (claim_id);
