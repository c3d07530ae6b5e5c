-- One row is one window, or a run of windows between the same two totals, in which more is said to have happened than
-- the same organisation's cumulative grew around it: every such value of the window, or the lowest of each window of
-- the run, then the totals before and after.
CREATE MACRO rule_flow_exceeds_cumulative_change(source) AS TABLE
WITH standing AS (
    SELECT
        kind, window_basis, baseline, period_start, as_of, published, value, low, high, withheld, claim_id, point,
        hash(situation, organisation, population, breakdown, split_part(measure, '_', 1)) AS thing
    FROM query_table(source)
    WHERE standing = 'stands' AND measure IN ('released', 'released_to_date', 'detained', 'detained_to_date')
        AND epoch = epoch_start
),
flows AS (
    SELECT * EXCLUDE (kind, window_basis, baseline, high) FROM standing
    WHERE kind = 'flow' AND window_basis = 'stated' AND low IS NOT NULL
),
totals AS (
    SELECT
        thing, baseline, as_of, max(high) AS high, max_by(told, struct_pack(high := high, claim_id := claim_id)) AS top,
        max(low) AS low, max_by(told, struct_pack(low := low, claim_id := claim_id)) AS bottom
    FROM (SELECT *, struct_pack(value := value, claim_id := claim_id, published := published) AS told FROM standing)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND low IS NOT NULL AND high IS NOT NULL
    GROUP BY thing, baseline, as_of
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
        greatest(published, top.published, bottom.published) AS all_published,
        CASE WHEN bottom IS NULL THEN [top.value] ELSE [bottom.value, top.value] END AS around,
        CASE WHEN bottom IS NULL THEN [top.claim_id] ELSE [bottom.claim_id, top.claim_id] END AS around_claims
    FROM begun
    WHERE people > 0 AND (begin_low IS NOT NULL OR line <= period_start)
    QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY people DESC, line) = 1
),
crowded AS ( -- several values of one window: rare, so that only these are brought together
    SELECT point FROM exceeding GROUP BY point HAVING count(*) > 1
),
apart AS ( -- what two or more windows between the same two totals say; of those that overlap the first
    SELECT *, greatest(published, top.published, bottom.published) AS all_published FROM begun
    WHERE begin_low IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY line, top.claim_id, bottom.claim_id, point ORDER BY low, claim_id) = 1
        AND opens >= coalesce(max(as_of) OVER (
            PARTITION BY line, top.claim_id, bottom.claim_id ORDER BY opens, as_of, claim_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), opens)
),
runs AS (
    SELECT
        max_by(claim_id, as_of) AS flow, min(period_start) AS period_start, max(all_published) AS published,
        CASE WHEN bool_or(withheld) THEN [NULL]
            ELSE list(value ORDER BY as_of) || [any_value(bottom).value, any_value(top).value] END AS amounts,
        list(claim_id ORDER BY as_of) || [bottom.claim_id, top.claim_id] AS claims,
        (sum(low) - (any_value(end_high) - any_value(begin_low)))::BIGINT AS people, sum(low)::BIGINT AS largest
    FROM apart GROUP BY line, top.claim_id, bottom.claim_id
    HAVING count(*) > 1 AND people > 0 AND max(low) <= any_value(end_high) - any_value(begin_low)
),
windows AS (
    SELECT
        claim_id AS flow, period_start, all_published AS published,
        CASE WHEN withheld THEN [NULL] ELSE list_prepend(value, around) END AS amounts,
        list_prepend(claim_id, around_claims) AS claims, people, low AS largest
    FROM exceeding ANTI JOIN crowded USING (point)
    UNION ALL
    SELECT
        min(claim_id), any_value(period_start), max(all_published),
        CASE WHEN bool_or(withheld) THEN [NULL]
            ELSE list_concat(list(value ORDER BY value, claim_id), any_value(around)) END,
        list_concat(list(claim_id ORDER BY value, claim_id), around_claims),
        max(people), max_by(low, people)
    FROM exceeding SEMI JOIN crowded USING (point)
    GROUP BY point, around_claims
    UNION ALL BY NAME FROM runs
)
SELECT
    'flow_exceeds_cumulative_change' AS rule, named.situation, named.organisation, named.measure, named.population,
    named.breakdown, windows.period_start, named.as_of, windows.published, windows.amounts, windows.claims,
    windows.people, windows.largest
FROM windows JOIN query_table(source) AS named ON named.claim_id = windows.flow;
