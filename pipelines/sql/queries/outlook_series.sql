-- One row is one statement that a pace can be read from, as one organisation's totals were known on a day:
-- the stock of people held, releases since the situation's baseline, and new detentions with a known window.
WITH own AS MATERIALIZED ( -- what stands for a moment is told by the same organisation's claims
    FROM claims_as_known_on($as_known_on) WHERE situation = $situation AND organisation = $organisation
),
placed AS MATERIALIZED (
    FROM placed_from('own') WHERE breakdown = 'total'
)
SELECT
    series.as_of,
    series.published,
    CASE series.measure WHEN 'in_custody' THEN 'stock' WHEN 'released_to_date' THEN 'cumulative' ELSE 'flow' END AS kind,
    series.value,
    series.value_high,
    series.qualifier,
    series.period_start
FROM statements_from('placed', $as_known_on) AS series
JOIN situations USING (situation)
WHERE series.standing = 'stands' AND series.doubt IS NULL
    AND series.measure IN ('in_custody', 'released_to_date', 'detained')
    AND series.population = (situations.settings ->> '$.default_population')
    AND (
        (series.measure = 'in_custody' AND series.baseline IS NULL)
        OR (
            series.measure = 'released_to_date'
            AND abs(series.baseline - situations.baseline)
                <= (situations.settings ->> '$.baseline_tolerance_days')::INTEGER
        )
        OR (series.measure = 'detained' AND series.window_basis <> 'unknown')
    )
ORDER BY kind, series.as_of, series.published, series.value, series.qualifier, series.claim_id;
