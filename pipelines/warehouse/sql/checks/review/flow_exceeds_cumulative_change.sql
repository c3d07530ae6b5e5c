-- One row is one window, or a run of windows between the same two totals, in which more is said to have happened than
-- the same organisation's cumulative grew around it: every such value of the window, or the lowest of each window of
-- the run, then the totals before and after. What stands beside one another is handled by the numbers of its spans; the
-- words of a statement are looked up for what was found.
CREATE MACRO rule_flow_exceeds_cumulative_change(source) AS TABLE
WITH standing AS (
    SELECT
        span, situation, organisation, measure, population, breakdown, kind, window_basis, baseline, period_start, as_of,
        published, value, low, high, withheld, claim_id, point, known_from, known_until,
        hash(situation, organisation, population, breakdown, split_part(measure, '_', 1)) AS thing
    FROM query_table(source)
    WHERE standing = 'stands' AND measure IN ('released', 'released_to_date', 'detained', 'detained_to_date')
        AND epoch = epoch_start AND low IS NOT NULL
),
named AS (
    SELECT span, value, claim_id, published, withheld FROM standing
),
flows AS (
    SELECT span, thing, point, period_start, as_of, low, known_from, known_until
    FROM standing WHERE kind = 'flow' AND window_basis = 'stated'
),
summed AS (
    SELECT
        span, thing, baseline, hash(thing, baseline) AS line, as_of - DATE '1970-01-01' AS moment,
        hash(thing, baseline, as_of) AS key, low, high, claim_id, known_from, known_until
    FROM standing WHERE kind = 'cumulative' AND baseline IS NOT NULL AND high IS NOT NULL
),
totals AS MATERIALIZED (
    SELECT
        line, moment, 0 AS tie, known_from, any_value(known_until) AS known_until,
        struct_pack(
            high := max(high), top := max_by(span, struct_pack(high := high, claim_id := claim_id)),
            low := max(low), bottom := max_by(span, struct_pack(low := low, claim_id := claim_id))
        ) AS choice
    FROM sliced('summed')
    GROUP BY line, moment, known_from
),
lines AS MATERIALIZED (
    SELECT
        row_number() OVER () AS asker, flows.* EXCLUDE (thing), starts.line, starts.baseline,
        CASE WHEN flows.as_of > flows.period_start THEN flows.period_start ELSE flows.period_start - 1 END AS opens
    FROM flows JOIN (SELECT DISTINCT thing, line, baseline FROM summed) AS starts USING (thing)
    WHERE starts.baseline <= flows.period_start
),
ending AS (
    SELECT asker, line, DATE '1970-01-01' - as_of AS moment, known_from, known_until FROM lines
),
totals_after AS (
    SELECT * REPLACE (-moment AS moment) FROM totals
),
beginning AS (
    SELECT asker, line, opens - DATE '1970-01-01' AS moment, known_from, known_until FROM lines
),
ended AS MATERIALIZED (
    FROM nearest_known('ending', 'totals_after') WHERE choice IS NOT NULL
),
begun AS MATERIALIZED (
    FROM nearest_known('beginning', 'totals')
),
around AS MATERIALIZED (
    SELECT
        span, point, baseline, opens, period_start, as_of, low, lines.known_from AS asked_from, lines.known_until AS asked_until,
        ended.choice.top AS top, begun.choice.bottom AS bottom,
        ended.choice.high - coalesce(begun.choice.low, 0) AS growth,
        greatest(ended.known_from, begun.known_from) AS known_from, least(ended.known_until, begun.known_until) AS known_until
    FROM ended
    JOIN begun ON begun.asker = ended.asker
        AND begun.known_from < ended.known_until AND ended.known_from < begun.known_until
    JOIN lines ON lines.asker = ended.asker
),
over AS (
    SELECT
        span AS asker, asked_from, asked_until, row(low - growth, DATE '0001-01-01' - baseline) AS rank,
        struct_pack(people := low - growth, top := top, bottom := bottom) AS choice, known_from, known_until
    FROM around
    WHERE low > growth AND (bottom IS NOT NULL OR baseline <= period_start)
),
exceeding AS MATERIALIZED (
    SELECT span, period_start, low, choice.*, hash(point, choice.top, choice.bottom) AS key, best.known_from, best.known_until
    FROM best_known('over') AS best JOIN flows ON flows.span = best.asker
    WHERE choice IS NOT NULL
),
between_ AS ( -- what two or more windows between the same two totals say; of those that overlap the first
    SELECT *, hash(baseline, top, bottom) AS key FROM around WHERE bottom IS NOT NULL
),
several AS (
    SELECT key FROM between_ GROUP BY key HAVING min(point) < max(point)
),
together AS (
    FROM between_ SEMI JOIN several USING (key)
),
apart AS (
    SELECT slices.*, value, claim_id, published, withheld
    FROM sliced('together') AS slices JOIN named USING (span)
    QUALIFY row_number() OVER (PARTITION BY key, known_from, point ORDER BY low, claim_id) = 1
        AND opens >= coalesce(max(as_of) OVER (
            PARTITION BY key, known_from ORDER BY opens, as_of, claim_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), opens)
),
crowded AS ( -- several values of one window: rare, so that only these are brought together
    SELECT key FROM exceeding GROUP BY key HAVING count(*) > 1
),
crowded_rows AS (
    FROM exceeding SEMI JOIN crowded USING (key)
),
beside AS (
    SELECT slices.*, value, claim_id, published, withheld FROM sliced('crowded_rows') AS slices JOIN named USING (span)
),
windows AS ( -- of one value alone its own words are looked up last
    SELECT
        span, period_start, top, bottom, people, low AS largest, known_from, known_until,
        NULL AS all_values, NULL AS all_claims, NULL AS last_published, NULL AS any_withheld
    FROM exceeding ANTI JOIN crowded USING (key)
    UNION ALL
    SELECT
        min_by(span, claim_id), any_value(period_start), any_value(top), any_value(bottom), max(people), max_by(low, people),
        known_from, any_value(known_until),
        listed(value, row(value, claim_id)), listed(claim_id, row(value, claim_id)), max(published), bool_or(withheld)
    FROM beside
    GROUP BY key, known_from
    UNION ALL
    SELECT
        max_by(span, as_of), min(period_start), any_value(top), any_value(bottom),
        (sum(low) - any_value(growth))::BIGINT AS above, sum(low)::BIGINT,
        known_from, any_value(known_until),
        listed(value, as_of), listed(claim_id, as_of), max(published), bool_or(withheld)
    FROM apart
    GROUP BY key, known_from
    HAVING count(*) > 1 AND above > 0 AND max(low) <= any_value(growth)
)
SELECT
    'flow_exceeds_cumulative_change' AS rule, own.situation, own.organisation, own.measure, own.population, own.breakdown,
    windows.period_start, own.as_of,
    greatest(coalesce(windows.last_published, own.published), ends.published, begins.published) AS published,
    CASE WHEN coalesce(any_withheld, own.withheld) THEN [NULL]
        ELSE coalesce(all_values, [own.value]) || CASE WHEN bottom IS NULL THEN [] ELSE [begins.value] END || [ends.value]
    END AS amounts,
    coalesce(all_claims, [own.claim_id]) || CASE WHEN bottom IS NULL THEN [] ELSE [begins.claim_id] END || [ends.claim_id]
        AS claims,
    people, largest, windows.known_from, windows.known_until
FROM windows
JOIN (FROM standing WHERE kind = 'flow') AS own USING (span)
JOIN named AS ends ON ends.span = top
LEFT JOIN named AS begins ON begins.span = bottom;
