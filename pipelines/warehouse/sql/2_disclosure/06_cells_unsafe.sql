-- One row is one flow or cumulative that would give away a small cell, or that fewer than the threshold came or went
-- between two days, together with what is said of windows that overlap with its own.
-- Under one key of one organisation, windows that overlap are an island. Where it holds a small cell, or a cumulative
-- of it grows by less than the threshold, only the values of one cumulative are left: those after the last small cell,
-- each above the one before by the threshold at least. No difference of what is left is then small.
CREATE TEMP TABLE cells_unsafe AS
WITH movements AS (
    SELECT
        cells.claim_id, cells.moment, keyed.key, keyed.sensitive, cells.kind, cells.starts, cells.as_of AS ends,
        cells.value AS low, coalesce(cells.value_high, cells.value) AS high, cells.small_cell,
        hash(cells.family, keyed.key) AS keyed_family, cells.breakdown, few.claim_id IS NOT NULL AS small
    FROM cells_guarded AS cells
    JOIN cells_keyed AS keyed USING (breakdown)
    LEFT JOIN cells_small AS few
        ON few.claim_id = cells.claim_id AND few.moment = cells.moment AND few.key = keyed.key
    WHERE cells.kind IN ('flow', 'cumulative') AND cells.as_of IS NOT NULL
),
opened AS (
    SELECT *, coalesce(starts >= max(ends) OVER earlier, true)::INTEGER AS opens
    FROM movements
    WINDOW earlier AS (
        PARTITION BY keyed_family ORDER BY starts, ends, claim_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
placed AS (
    SELECT *, hash(keyed_family, sum(opens) OVER (
        PARTITION BY keyed_family ORDER BY starts, ends, claim_id ROWS UNBOUNDED PRECEDING
    )) AS island
    FROM opened
),
settled AS (
    SELECT island, max(ends) AS settled FROM placed WHERE small GROUP BY island
),
lines AS ( -- of each island the cumulative with most days
    SELECT island, starts AS line
    FROM placed
    WHERE kind = 'cumulative'
    GROUP BY island, starts
    QUALIFY row_number() OVER (PARTITION BY island ORDER BY count(DISTINCT ends) DESC, starts) = 1
),
steps AS (
    SELECT
        island, breakdown, ends, bool_or(sensitive) AS sensitive, any_value(settled) AS settled,
        min(low) AS low, max(high) AS high, any_value(small_cell) AS small_cell
    FROM placed
    JOIN lines USING (island)
    LEFT JOIN settled USING (island)
    WHERE kind = 'cumulative' AND starts = line
    GROUP BY island, breakdown, ends
),
begun AS (
    SELECT
        island, breakdown, bool_or(sensitive) AS sensitive, any_value(small_cell) AS small_cell,
        count(*) AS stated,
        max(high) FILTER (ends <= settled) AS floor,
        list([{ends: ends, low: low, high: high}] ORDER BY ends) FILTER (settled IS NULL OR ends > settled) AS later,
        any_value(settled) AS settled
    FROM steps
    GROUP BY island, breakdown
),
chained AS (
    SELECT
        island, breakdown, sensitive, settled,
        list_reduce(
            coalesce(later, []),
            lambda kept, step: CASE
                WHEN step[1].low >= kept[-1].high + small_cell THEN list_concat(kept, step) ELSE kept
            END,
            [{ends: DATE '0001-01-01', low: 0::BIGINT, high: coalesce(floor, -small_cell)::BIGINT}]
        ) AS kept,
        stated
    FROM begun
),
troubled AS (
    SELECT island FROM settled
    UNION
    SELECT island FROM chained WHERE sensitive AND len(kept) - 1 < stated
),
left_standing AS (
    SELECT chained.island, chained.breakdown, 'cumulative' AS kind, lines.line AS starts, unnest(kept).ends AS ends
    FROM chained JOIN lines USING (island)
    WHERE sensitive OR settled IS NOT NULL
    UNION ALL
    SELECT island, breakdown, 'cumulative', line, ends
    FROM steps JOIN lines USING (island)
    WHERE NOT sensitive AND settled IS NULL
)
SELECT DISTINCT placed.claim_id, placed.moment, placed.key
FROM placed
SEMI JOIN troubled USING (island)
ANTI JOIN left_standing USING (island, breakdown, kind, starts, ends);
