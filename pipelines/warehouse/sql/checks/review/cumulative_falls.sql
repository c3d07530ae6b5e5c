-- One row is one cumulative total below an earlier one of the same series, the bounds of both considered. One that is
-- in doubt itself is set against the next only: a misprint above all others does not make each of them a fall.
CREATE MACRO rule_cumulative_falls(source) AS TABLE
WITH running AS (
    SELECT
        *,
        max(row(low, claim_id, published)) FILTER (low IS NOT NULL AND doubt IS NULL) OVER earlier AS highest,
        max(row(as_of, row(low, claim_id, published))) FILTER (low IS NOT NULL) OVER earlier AS latest,
        CASE WHEN latest[2][1] > coalesce(highest[1], -1) THEN latest[2] ELSE highest END AS before
    FROM query_table(source)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND standing = 'stands' AND epoch = epoch_start
    WINDOW earlier AS (
        PARTITION BY situation, organisation, measure, population, breakdown, baseline, epoch
        ORDER BY as_of RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT
    'cumulative_falls' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    greatest(published, before[3]) AS published,
    CASE WHEN withheld THEN [NULL, NULL] ELSE [before[1], high] END AS amounts,
    [before[2], claim_id] AS claims, before[1] - high AS people, before[1] AS largest
FROM running
WHERE high < before[1];
