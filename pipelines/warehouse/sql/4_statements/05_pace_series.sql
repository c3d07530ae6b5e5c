-- One row is one statement that a pace can be read from: one organisation's totals of people held, of releases since
-- the situation's baseline, and of new detentions with a known window. `source` holds statements.
CREATE MACRO outlook_series_from(source) AS TABLE
SELECT
    series.situation,
    series.organisation,
    series.as_of,
    series.published,
    CASE series.measure WHEN 'in_custody' THEN 'stock' WHEN 'released_to_date' THEN 'cumulative' ELSE 'flow' END AS kind,
    series.value,
    series.value_high,
    series.qualifier,
    series.period_start
FROM query_table(source) AS series
JOIN situations USING (situation)
WHERE series.standing = 'stands' AND series.doubt IS NULL AND series.breakdown = 'total'
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
