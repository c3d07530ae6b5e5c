-- One row is one window with new detentions, and the releases of the same window from the same organisation beside
-- them: new detentions for each 100 releases, and the net. Where only another window or another speaker's releases
-- are there, the row says so and computes nothing. A speaker whom nobody named may be two: no row. Through each span of days in which it was so.
CREATE TABLE revolving_door_spans AS
WITH sides AS MATERIALIZED (
    SELECT
        span, situation, organisation, is_primary, population, measure, period_start, as_of, low, high, value, claim_id,
        epoch <> epoch_start AS broken, known_from, known_until,
        measure IN ('detained', 'detained_to_date') AS inward,
        (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance
    FROM point_spans JOIN situations USING (situation)
    WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld AND NOT unnamed AND breakdown = 'total' AND period_start IS NOT NULL
        AND measure IN ('detained', 'detained_to_date', 'released', 'released_to_date')
),
outward AS (
    SELECT *, as_of + unnest(generate_series(-tolerance, tolerance))::INTEGER AS near FROM sides WHERE NOT inward
),
met AS MATERIALIZED ( -- what is nearest comes first
    SELECT
        inner_.span AS asker, inner_.known_from AS asked_from, inner_.known_until AS asked_until,
        outward.known_from, outward.known_until,
        inner_.organisation = outward.organisation AS same_speaker,
        abs(inner_.period_start - outward.period_start) <= inner_.tolerance AS same_window,
        row(
            same_speaker::INTEGER, same_window::INTEGER, -abs(inner_.period_start - outward.period_start),
            -abs(inner_.as_of - outward.as_of), (outward.measure = 'released')::INTEGER,
            -dense_rank() OVER (ORDER BY outward.claim_id)
        ) AS rank,
        struct_pack(span := outward.span, same_speaker := same_speaker, same_window := same_window) AS choice
    FROM (SELECT * FROM sides WHERE inward) AS inner_
    JOIN outward
        ON outward.situation = inner_.situation AND outward.population = inner_.population
        AND outward.near = inner_.as_of
        AND (outward.organisation = inner_.organisation OR outward.is_primary)
        AND outward.known_from < inner_.known_until AND inner_.known_from < outward.known_until
),
chosen AS (
    SELECT into_, out_, choice.same_speaker, choice.same_window, best.known_from, best.known_until
    FROM best_known('met') AS best
    JOIN sides AS into_ ON into_.span = best.asker
    JOIN sides AS out_ ON out_.span = best.choice.span
)
SELECT
    into_.situation AS situation, into_.population AS population, into_.period_start AS period_start,
    into_.as_of AS as_of, into_.organisation AS organisation,
    into_.measure AS detained_measure, into_.low AS detained_low, into_.high AS detained_high,
    into_.claim_id AS detained_claim,
    out_.organisation AS released_organisation, out_.measure AS released_measure,
    out_.period_start AS released_period_start, out_.as_of AS released_as_of,
    out_.low AS released_low, out_.high AS released_high, out_.claim_id AS released_claim,
    CASE
        WHEN NOT same_speaker THEN 'different_speaker'
        WHEN NOT same_window THEN 'different_window'
        WHEN into_.broken OR out_.broken THEN 'break'
    END AS reason,
    reason IS NULL AS comparable,
    CASE WHEN comparable THEN 100.0 * into_.low / nullif(out_.high, 0) END AS detained_per_100_released_low,
    CASE WHEN comparable THEN 100.0 * into_.high / nullif(out_.low, 0) END AS detained_per_100_released_high,
    CASE WHEN comparable THEN out_.low - into_.high END AS net_low,
    CASE WHEN comparable THEN out_.high - into_.low END AS net_high,
    known_from, known_until
FROM chosen;

CREATE MACRO revolving_door_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until)
FROM revolving_door_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW revolving_door AS
SELECT * EXCLUDE (known_from, known_until) FROM revolving_door_spans WHERE known_until = DATE 'infinity';
