-- One row is one row of the list that can be counted, beside how far the same person's rows before it reach.
-- `opens`: it begins a stay. A fault here is one that two rows have together. A row without an exit, followed by others of
-- that person, ends when they say: `ends` is the next exit.
CREATE TABLE rows_placed AS
WITH ended AS (
    SELECT
        * EXCLUDE (fault),
        coalesce(left_on, first_value(left_on IGNORE NULLS) OVER (
            PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ), never()) AS ends
    FROM rows_read
    WHERE fault IS NULL OR fault = 'exit_in_future'
),
ordered AS (
    SELECT
        *, max(ends) OVER before AS reached,
        lag(entered) OVER person AS entered_before, lag(left_on) OVER person AS left_before,
        lag(stay) OVER person AS stay_before, lag(row) OVER person IS NULL AS is_first
    FROM ended
    WINDOW person AS (PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row),
        before AS (
            PARTITION BY person ORDER BY entered, ends_in_turn(entered, left_on), row
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
)
SELECT
    * EXCLUDE (entered_before, left_before, stay_before, is_first),
    NOT is_first AND coalesce(stay = stay_before, false) AS same_stay,
    is_first OR NOT (
        coalesce(entered < reached, false) OR left_before IS NULL
        OR (entered = entered_before AND left_on IS NOT DISTINCT FROM left_before)
        OR (getvariable('joins') AND (
            entered <= reached + getvariable('gap') OR coalesce(stay = stay_before, false)
        ))
    ) AS opens,
    CASE WHEN NOT is_first AND reached <> never() THEN entered - reached END AS gap,
    CASE
        WHEN is_first THEN NULL
        WHEN entered = entered_before AND left_on IS NOT DISTINCT FROM left_before THEN 'twice'
        WHEN left_before IS NULL THEN 'exit_missing'
        WHEN entered < reached THEN 'overlapping'
    END AS pair_fault
FROM ordered;
