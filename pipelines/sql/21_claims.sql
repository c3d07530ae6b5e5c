-- One row is one accepted claim, exactly as one report states it.
CREATE VIEW claims AS
SELECT * EXCLUDE (state, reason) FROM rows_read WHERE state = 'accepted';
