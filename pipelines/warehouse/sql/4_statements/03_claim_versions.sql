-- One row is one span of days of one claim that did not read the same all along, or that is placed elsewhere than it
-- says: corrected, read again, in a window that opens with the bulletin before (`starts`), or at the cut-off that it
-- repeats (`cut_off`). Of every other claim there is no row: it reads as published, from its publication on.
CREATE TABLE claim_versions AS
SELECT
    claim_id, situation, known_from, known_until, value, value_high, qualifier, stated_as_of AS as_of,
    stated_start AS period_start, measure, breakdown, corrected, checked, checked_on, withdrawn, starts, cut_off
FROM placed_lives
QUALIFY count(*) OVER (PARTITION BY claim_id) > 1
    OR corrected OR checked_on IS NOT NULL OR withdrawn OR starts IS NOT NULL OR cut_off IS NOT NULL
ORDER BY situation, claim_id, known_from;

-- One row is one claim published by a day, as it read then. `source` is `claims` or some of them: a page that asks about
-- few reads few.
CREATE MACRO claims_versioned(source, known_on) AS TABLE
SELECT
    claims.* REPLACE (
        CASE WHEN version.claim_id IS NULL THEN claims.value ELSE version.value END AS value,
        CASE WHEN version.claim_id IS NULL THEN claims.value_high ELSE version.value_high END AS value_high,
        CASE WHEN version.claim_id IS NULL THEN claims.qualifier ELSE version.qualifier END AS qualifier,
        CASE WHEN version.claim_id IS NULL THEN claims.as_of ELSE version.as_of END AS as_of,
        CASE WHEN version.claim_id IS NULL THEN claims.period_start ELSE version.period_start END AS period_start,
        coalesce(version.measure, claims.measure) AS measure,
        coalesce(version.breakdown, claims.breakdown) AS breakdown
    ),
    coalesce(version.corrected, false) AS corrected, version.checked, version.checked_on,
    coalesce(version.withdrawn, false) AS withdrawn, version.starts, version.cut_off
FROM query_table(source) AS claims
LEFT JOIN (FROM claim_versions WHERE known_from <= known_on AND known_on < known_until) AS version USING (claim_id)
WHERE claims.published <= known_on;

CREATE MACRO claims_known_from(source, known_on) AS TABLE
SELECT * EXCLUDE (starts, cut_off) FROM claims_versioned(source, known_on);

CREATE MACRO claims_as_known_on(known_on) AS TABLE
FROM claims_known_from('claims', known_on);

-- One row is one of them placed in its series, as `placed_lives` has it.
CREATE MACRO placed_as_known_on(known_on) AS TABLE
WITH started AS NOT MATERIALIZED (
    SELECT
        known.* EXCLUDE (period_start, as_of, starts, cut_off), kind,
        CASE WHEN kind <> 'promise' THEN coalesce(known.period_start, starts) END AS period_start,
        window_basis_of(kind, known.period_start, starts) AS window_basis,
        coalesce(cut_off, known.as_of) AS as_of, cut_off IS NOT NULL AS repeats
    FROM claims_versioned('claims', known_on) AS known JOIN measures USING (measure)
)
SELECT
    *,
    baseline_of(kind, period_start) AS baseline,
    bounds_low(qualifier, value) AS low,
    bounds_high(qualifier, value, value_high) AS high,
    grade_of(provenance) AS grade,
    is_undated(as_of_basis) AS undated,
    point_of(situation, organisation, measure, population, breakdown, period_start, as_of) AS point
FROM started;
