-- One row is one span of days of one claim placed in its series: kind, baseline, window, and the interval that its words
-- allow. `baseline` is a cumulative's start and part of its series; a flow's window start belongs to the moment. A stock
-- with a stated start holds only those who entered it since that day (people released since 8 January and under
-- measures), and is a series of its own too. A claim that repeats an earlier one is placed at that one's cut-off.
-- `point` stands for one moment of one series.
CREATE OR REPLACE TEMP TABLE placed_lives AS
SELECT
    windowed.* EXCLUDE (as_of, as_of_basis, known_from, known_until),
    windowed.as_of AS stated_as_of,
    repeats.cut_off,
    coalesce(repeats.cut_off, windowed.as_of) AS as_of,
    repeats.cut_off IS NOT NULL AS repeats,
    baseline_of(kind, period_start) AS baseline,
    bounds_low(qualifier, value) AS low,
    bounds_high(qualifier, value, value_high) AS high,
    grade_of(provenance) AS grade,
    is_undated(as_of_basis) AS undated,
    point_of(
        windowed.situation, windowed.organisation, windowed.measure, windowed.population, windowed.breakdown,
        windowed.period_start, coalesce(repeats.cut_off, windowed.as_of)
    ) AS point,
    coalesce(repeats.known_from, windowed.known_from) AS known_from,
    coalesce(repeats.known_until, windowed.known_until) AS known_until
FROM windowed_lives AS windowed
LEFT JOIN repeat_lives AS repeats
    ON repeats.claim_id = windowed.claim_id AND repeats.version = windowed.known_from;
DROP VIEW windowed_lives;
DROP VIEW claim_lives;
DROP TABLE window_lives;
DROP TABLE repeat_lives;
