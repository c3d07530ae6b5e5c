-- One row is one window, or a run of windows between the same two totals, in which more is said to have happened than
-- the same organisation's cumulative grew around it: every such value of the window, or the lowest of each window of
-- the run, then the totals before and after.
CREATE MACRO rule_flow_exceeds_cumulative_change(source) AS TABLE
WITH standing AS (
    SELECT
        span, kind, window_basis, baseline, period_start, as_of, published, value, low, high, withheld, claim_id, point,
        known_from, known_until,
        hash(situation, organisation, population, breakdown, split_part(measure, '_', 1)) AS thing
    FROM query_table(source)
    WHERE standing = 'stands' AND measure IN ('released', 'released_to_date', 'detained', 'detained_to_date')
        AND epoch = epoch_start AND low IS NOT NULL
),
flows AS (
    SELECT * EXCLUDE (kind, window_basis, baseline, high) FROM standing WHERE kind = 'flow' AND window_basis = 'stated'
),
summed AS (
    SELECT
        thing, baseline, hash(thing, baseline) AS line, as_of - DATE '1970-01-01' AS moment, hash(thing, baseline, as_of) AS key,
        low, high, struct_pack(value := value, claim_id := claim_id, published := published) AS told, known_from, known_until
    FROM standing WHERE kind = 'cumulative' AND baseline IS NOT NULL AND high IS NOT NULL
),
totals AS MATERIALIZED (
    SELECT
        line, moment, 0 AS tie, known_from, any_value(known_until) AS known_until,
        struct_pack(
            high := max(high), top := max_by(told, struct_pack(high := high, claim_id := told.claim_id)),
            low := max(low), bottom := max_by(told, struct_pack(low := low, claim_id := told.claim_id))
        ) AS choice
    FROM sliced('summed')
    GROUP BY line, moment, known_from
),
lines AS MATERIALIZED (
    SELECT
        row_number() OVER () AS asker, flows.span, starts.line, starts.baseline,
        flows.as_of - DATE '1970-01-01' AS moment,
        CASE WHEN flows.as_of > flows.period_start THEN flows.period_start ELSE flows.period_start - 1 END AS opens,
        flows.known_from, flows.known_until
    FROM flows JOIN (SELECT DISTINCT thing, line, baseline FROM summed) AS starts USING (thing)
    WHERE starts.baseline <= flows.period_start
),
ending AS (
    SELECT asker, line, -moment AS moment, known_from, known_until FROM lines
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
        lines.baseline AS line, lines.opens, flows.* RENAME (known_from AS asked_from, known_until AS asked_until),
        ended.choice.high AS end_high, ended.choice.top AS top, begun.choice.low AS begin_low, begun.choice.bottom AS bottom,
        greatest(ended.known_from, begun.known_from) AS known_from, least(ended.known_until, begun.known_until) AS known_until
    FROM ended
    JOIN begun ON begun.asker = ended.asker
        AND begun.known_from < ended.known_until AND ended.known_from < begun.known_until
    JOIN lines ON lines.asker = ended.asker
    JOIN flows USING (span)
),
over AS (
    SELECT
        span AS asker, asked_from, asked_until,
        row(low - (end_high - coalesce(begin_low, 0)), DATE '0001-01-01' - line) AS rank,
        struct_pack(
            people := low - (end_high - coalesce(begin_low, 0)), published := greatest(published, top.published, bottom.published),
            around := CASE WHEN bottom IS NULL THEN [top.value] ELSE [bottom.value, top.value] END,
            claims := CASE WHEN bottom IS NULL THEN [top.claim_id] ELSE [bottom.claim_id, top.claim_id] END
        ) AS choice,
        known_from, known_until
    FROM around
    WHERE low > end_high - coalesce(begin_low, 0) AND (begin_low IS NOT NULL OR line <= period_start)
),
exceeding AS MATERIALIZED (
    SELECT
        flows.* EXCLUDE (known_from, known_until, published), choice.*, hash(point, choice.claims) AS key,
        best.known_from, best.known_until
    FROM best_known('over') AS best JOIN flows ON flows.span = best.asker
    WHERE choice IS NOT NULL
),
between_ AS ( -- what two or more windows between the same two totals say; of those that overlap the first
    SELECT *, hash(line, top.claim_id, bottom.claim_id) AS key FROM around WHERE begin_low IS NOT NULL
),
several AS (
    SELECT key FROM between_ GROUP BY key HAVING count(DISTINCT point) > 1
),
together AS (
    FROM between_ SEMI JOIN several USING (key)
),
apart AS (
    SELECT *, greatest(published, top.published, bottom.published) AS all_published
    FROM sliced('together')
    QUALIFY row_number() OVER (PARTITION BY key, known_from, point ORDER BY low, claim_id) = 1
        AND opens >= coalesce(max(as_of) OVER (
            PARTITION BY key, known_from ORDER BY opens, as_of, claim_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), opens)
),
crowded AS ( -- several values of one window: rare, so that only these are brought together
    SELECT key FROM exceeding GROUP BY key HAVING count(*) > 1
),
beside AS (
    FROM exceeding SEMI JOIN crowded USING (key)
),
windows AS (
    SELECT
        span, period_start, published, CASE WHEN withheld THEN [NULL] ELSE list_prepend(value, around) END AS amounts,
        list_prepend(claim_id, claims) AS claims, people, low AS largest, known_from, known_until
    FROM exceeding ANTI JOIN crowded USING (key)
    UNION ALL
    SELECT
        min_by(span, claim_id), any_value(period_start), max(published),
        CASE WHEN bool_or(withheld) THEN [NULL]
            ELSE list_concat(list(value ORDER BY value, claim_id), any_value(around)) END,
        list_concat(list(claim_id ORDER BY value, claim_id), any_value(claims)),
        max(people), max_by(low, people), known_from, any_value(known_until)
    FROM sliced('beside')
    GROUP BY key, known_from
    UNION ALL
    SELECT
        max_by(span, as_of), min(period_start), max(all_published),
        CASE WHEN bool_or(withheld) THEN [NULL]
            ELSE list(value ORDER BY as_of) || [any_value(bottom).value, any_value(top).value] END,
        list(claim_id ORDER BY as_of) || [any_value(bottom).claim_id, any_value(top).claim_id],
        (sum(low) - (any_value(end_high) - any_value(begin_low)))::BIGINT AS above, sum(low)::BIGINT,
        known_from, any_value(known_until)
    FROM apart
    GROUP BY key, known_from
    HAVING count(*) > 1 AND above > 0 AND max(low) <= any_value(end_high) - any_value(begin_low)
)
SELECT
    'flow_exceeds_cumulative_change' AS rule, named.situation, named.organisation, named.measure, named.population,
    named.breakdown, windows.period_start, named.as_of, windows.published, windows.amounts, windows.claims,
    windows.people, windows.largest, windows.known_from, windows.known_until
FROM windows JOIN query_table(source) AS named USING (span);
