-- One row is one claim that is withheld: at a moment with a small cell, or one that would give a small one away, every
-- cell under the same key, whoever states it: they are all that adds up with it.
-- `fewer_than` is said only where that the cell is below the threshold, and its siblings are not, tells nothing more.
CREATE TEMP TABLE cells_withheld AS
WITH moments AS (
    SELECT moment, key FROM cells_small UNION SELECT moment, key FROM cells_unsafe
),
withheld AS (
    SELECT cells.*, keyed.key, keyed.sensitive, keyed.whole
    FROM cells_guarded AS cells
    JOIN cells_keyed AS keyed USING (breakdown)
    SEMI JOIN moments ON moments.moment = cells.moment AND moments.key = keyed.key
),
cells AS (
    SELECT
        organisation, moment, period_start, breakdown, key, whole, any_value(small_cell) AS small_cell,
        bool_or(sensitive) AS sensitive,
        bool_or(sensitive) AND bool_and(coalesce(high < small_cell, false)) AS small
    FROM withheld
    GROUP BY ALL
),
wholes AS (
    SELECT
        cells.organisation, cells.moment, cells.period_start, cells.breakdown, min(wholes.value) AS least
    FROM cells_as_ever_stated AS wholes
    JOIN (
        SELECT DISTINCT situation, organisation, measure, population, as_of, moment, period_start, whole AS breakdown
        FROM withheld
    ) AS cells USING (situation, organisation, measure, population, as_of, breakdown)
    WHERE wholes.period_start IS NOT DISTINCT FROM cells.period_start
    GROUP BY ALL
),
groups AS (
    SELECT
        cells.organisation, cells.moment, cells.period_start, cells.key, cells.whole,
        count(*) FILTER (small) AS few, count(*) FILTER (sensitive AND NOT small) AS others,
        any_value(small_cell) AS small_cell, any_value(least) AS least
    FROM cells
    LEFT JOIN wholes
        ON wholes.organisation = cells.organisation AND wholes.moment = cells.moment
        AND wholes.period_start IS NOT DISTINCT FROM cells.period_start AND wholes.breakdown = cells.whole
    GROUP BY ALL
),
told AS (
    SELECT
        *,
        CASE
            WHEN least IS NULL THEN true
            WHEN others > 0 THEN least - small_cell * others >= small_cell - 1
            ELSE least <= (small_cell - 1) * (few - 1) OR least > (small_cell - 1) * few OR few = 1
        END AS safe
    FROM groups
)
SELECT
    withheld.claim_id,
    CASE WHEN bool_or(cells.small) AND bool_and(coalesce(cells.small, false) OR NOT withheld.sensitive)
        AND bool_and(told.safe) THEN any_value(withheld.small_cell) END AS fewer_than
FROM withheld
JOIN cells
    ON cells.organisation = withheld.organisation AND cells.moment = withheld.moment
    AND cells.period_start IS NOT DISTINCT FROM withheld.period_start
    AND cells.breakdown = withheld.breakdown AND cells.key = withheld.key
JOIN told
    ON told.organisation = withheld.organisation AND told.moment = withheld.moment
    AND told.period_start IS NOT DISTINCT FROM withheld.period_start
    AND told.key = withheld.key AND told.whole = withheld.whole
GROUP BY withheld.claim_id;
