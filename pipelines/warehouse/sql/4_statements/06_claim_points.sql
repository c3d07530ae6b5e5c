-- One row is one claim by numbers: its id (`claim`, hashed), the point of its series that it is about, and its row in
-- `claims_stored`. Few claims among many are found here; the text of a million ids is read more slowly than this.
ALTER TABLE placed_lives RENAME TO placed_spans;
CREATE TEMP VIEW placed_points AS FROM placed_spans WHERE known_until = DATE 'infinity';

CREATE TABLE claim_points AS
SELECT placed_points.point, hash(claim_id) AS claim, stored.rowid AS stored_row
FROM placed_points JOIN claims_stored AS stored USING (claim_id);
