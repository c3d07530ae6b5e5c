-- One row is one claim with the point of its series that it is about: the claims behind a statement are found by it.
CREATE TABLE claim_points AS SELECT point, claim_id FROM placed_points;
