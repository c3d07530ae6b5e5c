-- One row is one row read that waits for a person, with the reason.
CREATE VIEW pending AS
SELECT situation, file, place, reason, raw, * EXCLUDE (situation, file, place, reason, raw, state)
FROM rows_read WHERE state = 'pending';
