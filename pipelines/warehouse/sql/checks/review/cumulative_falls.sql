-- One row is one cumulative total below an earlier one of the same series, the bounds of both considered. One that is
-- in doubt itself is set against the next only: a misprint above all others does not make each of them a fall.
CREATE MACRO rule_cumulative_falls(source) AS TABLE
WITH running AS (
    SELECT
        * EXCLUDE (told),
        max(told) FILTER (low IS NOT NULL AND doubt IS NULL) OVER earlier AS highest,
        max(struct_pack(as_of := as_of, told := told)) FILTER (low IS NOT NULL) OVER earlier AS latest,
        CASE WHEN latest['told']['low'] > coalesce(highest['low'], -1) THEN latest['told'] ELSE highest END AS before
    FROM (
        SELECT *, struct_pack(low := low, claim_id := claim_id, published := published) AS told
        FROM query_table(source)
    )
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND standing = 'stands' AND epoch = epoch_start
    WINDOW earlier AS (
        PARTITION BY situation, organisation, measure, population, breakdown, baseline, epoch
        ORDER BY as_of RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT
    'cumulative_falls' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    greatest(published, before.published) AS published,
    CASE WHEN withheld THEN [NULL, NULL] ELSE [before.low, high] END AS amounts,
    [before.claim_id, claim_id] AS claims, before.low - high AS people, before.low AS largest
FROM running
WHERE high < before.low;
