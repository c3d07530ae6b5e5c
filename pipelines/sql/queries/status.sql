-- One row is one organisation and measure: its last total, how old it is, and whether that is late for its rhythm.
-- The rhythm is what organisations.toml states, else the median step between its last twelve moments; a figure is
-- stale once it is older than twice its rhythm, or than thirty days where no rhythm is known.
WITH moments AS (
    SELECT
        situation, organisation, measure, as_of,
        as_of - lag(as_of) OVER own AS step,
        row_number() OVER (PARTITION BY situation, organisation, measure ORDER BY as_of DESC) AS recency
    FROM (SELECT DISTINCT situation, organisation, measure, as_of FROM series WHERE breakdown = 'total')
    WINDOW own AS (PARTITION BY situation, organisation, measure ORDER BY as_of)
),
rhythms AS (
    SELECT situation, organisation, measure, median(step) AS usual
    FROM moments
    WHERE recency <= 12 AND step IS NOT NULL
    GROUP BY ALL
),
last_figures AS (
    SELECT *
    FROM series
    WHERE breakdown = 'total' AND list_contains($situations, situation)
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, measure ORDER BY as_of DESC, published DESC, claim_id
    ) = 1
)
SELECT
    situation, organisation, measure, kind, qualifier, value, value_high, as_of, published, url,
    $today::DATE - as_of AS age_days,
    coalesce(organisations.rhythm_days, rhythms.usual)::DOUBLE AS rhythm_days,
    $today::DATE - as_of > coalesce(2 * coalesce(organisations.rhythm_days, rhythms.usual), 30) AS stale
FROM last_figures
JOIN organisations USING (situation, organisation)
LEFT JOIN rhythms USING (situation, organisation, measure)
ORDER BY situation, organisation, measure;
