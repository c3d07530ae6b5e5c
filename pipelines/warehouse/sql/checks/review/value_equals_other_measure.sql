-- One row is one stock out of line with the same organisation's stocks before and after that equals another of its
-- measures within three days: one figure told as another.
CREATE MACRO rule_value_equals_other_measure(source) AS TABLE
WITH standing AS (
    SELECT * FROM query_table(source)
    WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld
),
stocks AS (
    SELECT
        *,
        max(struct_pack(as_of := as_of, low := low, high := high, published := published)) FILTER (low IS NOT NULL) OVER earlier AS before,
        min(struct_pack(as_of := as_of, low := low, high := high, published := published)) FILTER (low IS NOT NULL) OVER later AS after
    FROM standing
    WHERE measure = 'in_custody' AND baseline IS NULL
    WINDOW
        earlier AS (PARTITION BY situation, organisation, population, epoch ORDER BY as_of
            RANGE BETWEEN INTERVAL 31 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        later AS (PARTITION BY situation, organisation, population, epoch ORDER BY as_of
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND INTERVAL 31 DAYS FOLLOWING)
),
odd AS (
    SELECT *
    FROM stocks
    WHERE qualifier = 'exact' AND value >= 20 AND (before IS NOT NULL OR after IS NOT NULL)
        AND (
            (coalesce(value < 0.8 * before.low, true) AND coalesce(value < 0.8 * after.low, true))
            OR (coalesce(value > 1.25 * before.high, before IS NULL) AND coalesce(value > 1.25 * after.high, after IS NULL))
        )
)
SELECT
    'value_equals_other_measure' AS rule, odd.situation, odd.organisation, odd.measure, odd.population, odd.breakdown,
    odd.period_start, odd.as_of,
    greatest(odd.published, other.published, coalesce(before.published, after.published)) AS published,
    [odd.value, other.value] AS amounts, [odd.claim_id, other.claim_id] AS claims,
    CASE WHEN odd.value < coalesce(before.low, after.low)
        THEN least(before.low, after.low) - odd.value ELSE odd.value - greatest(before.high, after.high)
    END AS people,
    odd.value AS largest
FROM odd
JOIN standing AS other
    ON other.situation = odd.situation AND other.organisation = odd.organisation AND other.value = odd.value
WHERE other.measure IN ('released_to_date', 'under_measures', 'full_freedom_to_date', 'detained_to_date')
    AND other.qualifier = 'exact' AND abs(other.as_of - odd.as_of) <= 3
QUALIFY row_number() OVER (PARTITION BY odd.claim_id ORDER BY abs(other.as_of - odd.as_of), other.claim_id) = 1;
