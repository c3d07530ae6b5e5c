-- One row is one row read that cannot be a claim as it stands, with the reason and what was written.
CREATE VIEW quarantine AS
SELECT situation, file, concat_ws(' ', place, place_number) AS place, reason, raw
FROM rows_aside WHERE state = 'quarantined';
