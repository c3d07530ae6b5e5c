-- One row is one window with new detentions, and the releases of the same window from the same organisation beside
-- them: new detentions for each 100 releases, and the net. Where only another window or another speaker's releases
-- are there, the row says so and computes nothing.
CREATE MACRO revolving_door_from(source) AS TABLE
WITH sides AS (
    SELECT
        situation, organisation, is_primary, population, measure, period_start, as_of, low, high, value, claim_id,
        epoch <> epoch_start AS broken,
        measure IN ('detained', 'detained_to_date') AS inward,
        (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance
    FROM query_table(source) JOIN situations USING (situation)
    WHERE breakdown = 'total' AND period_start IS NOT NULL
        AND measure IN ('detained', 'detained_to_date', 'released', 'released_to_date')
),
outward AS (
    SELECT *, as_of + unnest(generate_series(-tolerance, tolerance))::INTEGER AS near FROM sides WHERE NOT inward
),
met AS (
    SELECT inner_ AS into_, outward AS out_, inner_.organisation = outward.organisation AS same_speaker,
        abs(inner_.period_start - outward.period_start) <= inner_.tolerance AS same_window
    FROM (SELECT * FROM sides WHERE inward) AS inner_
    JOIN outward
        ON outward.situation = inner_.situation AND outward.population = inner_.population
        AND outward.near = inner_.as_of
        AND (outward.organisation = inner_.organisation OR outward.is_primary)
),
chosen AS (
    SELECT *
    FROM met
    QUALIFY row_number() OVER (
        PARTITION BY into_.claim_id
        ORDER BY same_speaker DESC, same_window DESC,
            abs(into_.period_start - out_.period_start), abs(into_.as_of - out_.as_of), out_.measure, out_.claim_id
    ) = 1
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
    CASE WHEN comparable THEN out_.high - into_.low END AS net_high
FROM chosen;

CREATE MACRO revolving_door_as_known_on(known_on, within := NULL) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM standing_points_as_known_on(known_on, within := within)
)
FROM revolving_door_from('known_points');

CREATE TABLE revolving_door AS FROM revolving_door_from('standing_points');
