-- One row is one stock out of line with the same organisation's stocks before and after that equals another of its
-- measures within three days: one figure told as another.
CREATE MACRO rule_value_equals_other_measure(source) AS TABLE
WITH standing AS (
    SELECT *, hash(situation, organisation, value) AS number
    FROM query_table(source)
    WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld AND qualifier = 'exact' AND value >= 20
),
other AS (
    FROM standing
    WHERE measure IN ('released_to_date', 'under_measures', 'full_freedom_to_date', 'detained_to_date')
),
met AS MATERIALIZED ( -- the nearest that has the same number
    SELECT
        odd.span AS asker, odd.known_from AS asked_from, odd.known_until AS asked_until,
        row(-abs(other.as_of - odd.as_of), -dense_rank() OVER (ORDER BY other.claim_id)) AS rank,
        struct_pack(claim_id := other.claim_id, value := other.value, published := other.published) AS choice,
        other.known_from, other.known_until
    FROM (FROM standing WHERE measure = 'in_custody' AND baseline IS NULL) AS odd
    JOIN other USING (number)
    WHERE other.situation = odd.situation AND other.organisation = odd.organisation AND other.value = odd.value
        AND abs(other.as_of - odd.as_of) <= 3
        AND other.known_from < odd.known_until AND odd.known_from < other.known_until
),
equal AS MATERIALIZED (
    SELECT asker, choice AS other, known_from, known_until FROM best_known('met') WHERE choice IS NOT NULL
),
stocks AS MATERIALIZED (
    SELECT
        span, hash(situation, organisation, population, epoch) AS line, as_of - DATE '1970-01-01' AS moment,
        low, high, struct_pack(as_of := as_of, low := low, high := high, published := published) AS choice,
        known_from, known_until
    FROM query_table(source)
    WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld
        AND measure = 'in_custody' AND baseline IS NULL
),
asking_before AS (
    SELECT span AS asker, line, moment - 1 AS moment, known_from, known_until
    FROM stocks WHERE span IN (SELECT asker FROM equal)
),
marks_before AS (
    SELECT line, moment, choice AS tie, choice, known_from, known_until FROM stocks WHERE low IS NOT NULL
),
asking_after AS (
    SELECT asker, line, -moment - 2 AS moment, known_from, known_until FROM asking_before
),
marks_after AS (
    SELECT line, -moment AS moment, row(-choice.low, -coalesce(choice.high, 9000000000), DATE '1970-01-01' - choice.published) AS tie, choice, known_from, known_until
    FROM marks_before
),
beside AS (
    SELECT asker AS key, other, NULL AS before, NULL AS after, known_from, known_until FROM equal
    UNION ALL
    SELECT asker, NULL, choice, NULL, known_from, known_until FROM nearest_known('asking_before', 'marks_before')
    UNION ALL
    SELECT asker, NULL, NULL, choice, known_from, known_until FROM nearest_known('asking_after', 'marks_after')
),
told AS (
    SELECT
        key AS span, max(other) AS other, max(before) AS nearest_before, max(after) AS nearest_after,
        known_from AS since, known_until AS until
    FROM sliced('beside')
    GROUP BY key, known_from, known_until
    HAVING other IS NOT NULL
),
near AS (
    SELECT
        stated.*, other, since, until,
        CASE WHEN as_of - nearest_before.as_of <= 31 THEN nearest_before END AS before,
        CASE WHEN nearest_after.as_of - as_of <= 31 THEN nearest_after END AS after
    FROM told JOIN query_table(source) AS stated USING (span)
),
odd AS (
    SELECT * FROM near
    WHERE (before IS NOT NULL OR after IS NOT NULL)
        AND (
            (coalesce(value < 0.8 * before.low, true) AND coalesce(value < 0.8 * after.low, true))
            OR (coalesce(value > 1.25 * before.high, before IS NULL) AND coalesce(value > 1.25 * after.high, after IS NULL))
        )
)
SELECT
    'value_equals_other_measure' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    greatest(published, other.published, coalesce(before.published, after.published)) AS published,
    [value, other.value] AS amounts, [claim_id, other.claim_id] AS claims,
    CASE WHEN value < coalesce(before.low, after.low)
        THEN least(before.low, after.low) - value ELSE value - greatest(before.high, after.high)
    END AS people,
    value AS largest, since AS known_from, until AS known_until
FROM odd;
