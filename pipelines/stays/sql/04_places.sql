-- One row is how many people came into one facility on one day, or (less than zero) ceased to be held there: by
-- placement, or by stay where the list has no more. A person is in one facility at a time: that of the placement that
-- began last, and once that is over that of the one before it that lasts longest.
CREATE TABLE places AS
WITH placed AS (
    SELECT
        entered::DATE AS starts, out_day(ends) AS stops, facility, (lead(entered) OVER person)::DATE AS moved,
        out_day(max(ends) OVER before) AS stops_before, arg_max(facility, (ends, row)) OVER before AS facility_before
    FROM rows_placed
    WHERE getvariable('joins') AND facility IS NOT NULL
    WINDOW person AS (PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row),
        before AS (
            PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),
spells AS NOT MATERIALIZED ( -- of all stays that would be a second copy in memory
    SELECT starts, least(stops, moved) AS stops, facility FROM placed
    UNION ALL
    SELECT stops, least(stops_before, moved), facility_before
    FROM placed
    WHERE facility_before IS NOT NULL AND stops < coalesce(least(stops_before, moved), never())
    UNION ALL
    SELECT entered, out_day, facility
    FROM stays
    WHERE facility IS NOT NULL AND NOT getvariable('joins')
)
SELECT facility, starts AS day, count(*) AS people FROM spells GROUP BY ALL
UNION ALL
SELECT facility, stops, -count(*) FROM spells WHERE stops IS NOT NULL GROUP BY ALL;
