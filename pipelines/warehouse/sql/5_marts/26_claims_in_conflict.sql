-- One row is one claim of one contradiction, by numbers: its id hashed, and the row of what it is part of in
-- `conflicts_stored`. To look through the lists of half a million takes longer than this.
CREATE TABLE claims_in_conflict AS
SELECT hash(unnest(claims)) AS claim, rowid AS stored_row
FROM conflicts_stored
WHERE NOT lone AND known_until = DATE 'infinity';
