-- One row is one row read that waits for a person, with the reason.
CREATE VIEW pending AS
SELECT
    situation, file, concat_ws(' ', place, place_number) AS place, reason, raw,
    * EXCLUDE (stands_for, situation, file, place, place_number, reason, raw, state)
FROM rows_aside WHERE state = 'pending';
