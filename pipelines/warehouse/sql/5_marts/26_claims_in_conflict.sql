-- One row is one claim of one contradiction, by numbers: its id hashed, and the place of what it is part of.
CREATE TABLE claims_in_conflict AS
SELECT hash(unnest(claims)) AS claim, place FROM conflicts_stored WHERE NOT lone AND known_until = DATE 'infinity';
