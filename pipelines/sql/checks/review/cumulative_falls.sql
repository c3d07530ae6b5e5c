-- A cumulative total never falls: an organisation's later moment below an earlier one, its bounds considered.
WITH running AS (
    SELECT
        *,
        max_by(claim_id, low) OVER earlier AS before_claim,
        max(low) OVER earlier AS before_low
    FROM series
    WHERE kind = 'cumulative' AND baseline IS NOT NULL
    WINDOW earlier AS (
        PARTITION BY situation, organisation, measure, population, breakdown, baseline
        ORDER BY as_of RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT
    situation, organisation, measure, population, breakdown, as_of,
    [before_low, high] AS amounts, [before_claim, claim_id] AS claims,
    before_low - high AS severity
FROM running
WHERE high < before_low;
