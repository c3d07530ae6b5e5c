-- One row is one window in which more is said to have happened than the same organisation's cumulative grew around it:
-- every such value of the window, then the totals before and after.
CREATE MACRO rule_flow_exceeds_cumulative_change(source) AS TABLE
WITH standing AS (
    SELECT *, hash(situation, organisation, population, breakdown, replace(measure, '_to_date', '')) AS thing
    FROM query_table(source)
    WHERE standing = 'stands' AND measure IN ('released', 'released_to_date', 'detained', 'detained_to_date')
        AND epoch = epoch_start
),
flows AS (
    SELECT * FROM standing
    WHERE kind = 'flow' AND window_basis = 'stated' AND low IS NOT NULL
),
totals AS (
    SELECT
        thing, baseline, as_of, max(high) AS high, max_by(row(value, claim_id, published), row(high, claim_id)) AS top,
        max(low) AS low, max_by(row(value, claim_id, published), row(low, claim_id)) AS bottom
    FROM standing WHERE kind = 'cumulative' AND baseline IS NOT NULL AND low IS NOT NULL AND high IS NOT NULL
    GROUP BY ALL
),
lines AS (
    SELECT flows.*, starts.baseline AS line,
        CASE WHEN flows.as_of > flows.period_start THEN flows.period_start ELSE flows.period_start - 1 END AS opens
    FROM flows JOIN (SELECT DISTINCT thing, baseline FROM totals) AS starts USING (thing)
    WHERE starts.baseline <= flows.period_start
),
ended AS (
    SELECT lines.*, totals.high AS end_high, totals.top
    FROM lines ASOF JOIN totals
        ON totals.thing = lines.thing AND totals.baseline = lines.line AND lines.as_of <= totals.as_of
),
begun AS (
    SELECT ended.*, totals.low AS begin_low, totals.bottom
    FROM ended ASOF LEFT JOIN totals
        ON totals.thing = ended.thing AND totals.baseline = ended.line AND ended.opens >= totals.as_of
),
exceeding AS (
    SELECT
        *, low - (end_high - coalesce(begin_low, 0)) AS people,
        CASE WHEN bottom IS NULL THEN [top] ELSE [bottom, top] END AS around
    FROM begun
    WHERE people > 0 AND (begin_low IS NOT NULL OR line <= period_start)
    QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY people DESC, line) = 1
)
SELECT
    'flow_exceeds_cumulative_change' AS rule, any_value(situation) AS situation,
    any_value(organisation) AS organisation, any_value(measure) AS measure, any_value(population) AS population,
    any_value(breakdown) AS breakdown, any_value(period_start) AS period_start, any_value(as_of) AS as_of,
    greatest(max(published), list_max(list_transform(around, lambda total: total[3]))) AS published,
    CASE WHEN bool_or(withheld) THEN [NULL]
        ELSE list_concat(list(value ORDER BY value, claim_id), list_transform(around, lambda total: total[1]))
    END AS amounts,
    list_concat(list(claim_id ORDER BY value, claim_id), list_transform(around, lambda total: total[2])) AS claims,
    max(exceeding.people) AS people, max_by(low, exceeding.people) AS largest
FROM exceeding
GROUP BY point, around;
