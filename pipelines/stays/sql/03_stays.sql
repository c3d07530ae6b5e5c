-- One row is one stay of one person: rows that overlap, and placements that follow each other closely, are one.
-- Who has no exit is held. `out_day` is the first day on which the person no longer counts as held for this stay: who
-- came again on the day of the exit counts for the next one.
CREATE TABLE stays AS
WITH numbered AS (
    SELECT
        *, left_on IS NOT NULL AS exits, goes_to IS NOT NULL AS says_how, sum(opens::INTEGER) OVER so_far AS number,
        coalesce(lead(entered) OVER so_far, never()) AS again -- of the last row of a stay: when the next one begins
    FROM rows_placed
    WINDOW so_far AS (
        PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row ROWS UNBOUNDED PRECEDING
    )
),
joined AS (
    SELECT
        min(entered) AS entered, max(ends) AS ends, max(again) AS again, min(recorded) AS recorded,
        arg_max_null(goes_to, (ends, exits, says_how, row)) AS goes_to,
        arg_max_null(mechanism, (ends, exits, says_how, row)) AS mechanism,
        arg_max(born, row) AS born, arg_max(sex, row) AS sex, arg_max(service, row) AS service,
        arg_max(nationality, row) AS nationality, arg_max(sentenced, row) AS sentenced,
        arg_max(facility, (ends, row)) AS facility
    FROM numbered
    GROUP BY person, number
)
SELECT
    entered::DATE AS entered, recorded, born, sex, service, nationality, sentenced, facility,
    CASE WHEN ends < never() THEN ends::DATE END AS left_on,
    CASE WHEN ends < never() THEN coalesce(nullif(goes_to, 'held'), 'left') END AS goes_to, -- sent on, and never seen again
    CASE WHEN ends < never() AND goes_to = 'released' THEN mechanism END AS mechanism,
    CASE WHEN ends < never() THEN least(out_day(ends), again::DATE) END AS out_day
FROM joined;
