-- One row is one claim placed in its series: kind, baseline, window, and the interval that its words allow.
-- `baseline` is a cumulative's start and part of its series; a flow's window start belongs to the moment. A stock with
-- a stated start holds only those who entered it since that day (people released since 8 January and under measures),
-- and is a series of its own too.
-- `point` stands for one moment of one series. "About" allows a twentieth either way.
-- `source` is claims as known on a day: all of each organisation that it has any of.
CREATE MACRO placed_from(source) AS TABLE
WITH windowed AS (
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
)
SELECT
    *,
    CASE WHEN kind IN ('cumulative', 'stock') THEN period_start END AS baseline,
    CASE qualifier
        WHEN 'more_than' THEN value + 1
        WHEN 'about' THEN floor(value * 0.95)::BIGINT
        WHEN 'at_most' THEN NULL
        WHEN 'less_than' THEN NULL
        ELSE value
    END AS low,
    CASE qualifier
        WHEN 'at_least' THEN NULL
        WHEN 'more_than' THEN NULL
        WHEN 'less_than' THEN value - 1
        WHEN 'about' THEN ceil(value * 1.05)::BIGINT
        WHEN 'range' THEN value_high
        ELSE value
    END AS high,
    CASE provenance WHEN 'primary' THEN 1 WHEN 'press' THEN 2 ELSE 3 END AS grade,
    hash(situation, organisation, measure, population, breakdown, period_start, as_of) AS point
FROM windowed;

CREATE MACRO placed_as_known_on(known_on) AS TABLE
WITH known_claims AS NOT MATERIALIZED (
    FROM claims_as_known_on(known_on)
)
FROM placed_from('known_claims');
