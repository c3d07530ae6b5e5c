-- One row is one organisation and measure: its last total, how old it is, and its rhythm.
WITH last_figures AS (
    SELECT *
    FROM series
    WHERE breakdown = 'total' AND doubt IS NULL AND map_contains($days, situation)
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, measure ORDER BY as_of DESC, published DESC, claim_id
    ) = 1
)
SELECT
    situation, organisation, measure, kind, qualifier, value, value_high, period_start, as_of, published, url,
    $days[situation] - as_of AS age_days,
    rhythm_days, basis AS rhythm_basis
FROM last_figures
LEFT JOIN rhythms USING (situation, organisation, measure)
ORDER BY situation, organisation, measure;
