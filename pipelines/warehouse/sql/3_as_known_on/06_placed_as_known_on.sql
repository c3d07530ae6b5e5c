-- One row is one claim placed in its series: kind, baseline, window, and the interval that its words allow.
-- `baseline` is a cumulative's start and part of its series; a flow's window start belongs to the moment. A stock with
-- a stated start holds only those who entered it since that day (people released since 8 January and under measures),
-- and is a series of its own too.
-- `point` stands for one moment of one series, `series` for the series. A claim that repeats an earlier one without a
-- cut-off of its own is placed at that one's (`repeats`).
-- `source` is claims as known on a day: all of each organisation that it has any of.
CREATE MACRO placed_from(source) AS TABLE
WITH windowed AS NOT MATERIALIZED (
    SELECT
        claims.* EXCLUDE (period_start),
        measures.kind,
        CASE WHEN kind <> 'promise' THEN coalesce(claims.period_start, windows.starts) END AS period_start,
        CASE
            WHEN kind = 'promise' THEN NULL
            WHEN claims.period_start IS NOT NULL THEN 'stated'
            WHEN kind = 'stock' THEN NULL
            WHEN windows.starts IS NOT NULL THEN 'previous_bulletin'
            ELSE 'unknown'
        END AS window_basis
    FROM query_table(source) AS claims
    JOIN measures USING (measure)
    LEFT JOIN windows_from(source) AS windows USING (claim_id)
),
repeats AS MATERIALIZED (
    FROM repeats_from('windowed')
),
dated AS (
    SELECT
        windowed.* EXCLUDE (as_of), coalesce(repeats.cut_off, windowed.as_of) AS as_of,
        repeats.claim_id IS NOT NULL AS repeats
    FROM windowed LEFT JOIN repeats USING (claim_id)
)
SELECT
    *,
    CASE WHEN kind IN ('cumulative', 'stock') THEN period_start END AS baseline,
    bounds_low(qualifier, value) AS low,
    bounds_high(qualifier, value, value_high) AS high,
    CASE provenance WHEN 'primary' THEN 1 WHEN 'press' THEN 2 ELSE 3 END AS grade,
    coalesce(as_of_basis IN ('publication_date', 'inferred'), false) AS undated,
    hash(situation, organisation, measure, population, breakdown, period_start, as_of) AS point
FROM dated;

CREATE MACRO placed_as_known_on(known_on) AS TABLE
WITH known_claims AS NOT MATERIALIZED (
    FROM claims_as_known_on(known_on)
)
FROM placed_from('known_claims');
