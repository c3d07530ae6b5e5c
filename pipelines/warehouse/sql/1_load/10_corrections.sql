-- One row is one field of one claim that a person corrected; the claim itself stays as it was stated. `reason` is in
-- Spanish, which every reason is written in; the others where it is written in them too.
CREATE TABLE corrections (
    claim_id VARCHAR NOT NULL,
    situation VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    expected VARCHAR,
    corrected VARCHAR,
    reason VARCHAR NOT NULL,
    reason_en VARCHAR,
    reason_pt VARCHAR,
    decided DATE NOT NULL,
    PRIMARY KEY (claim_id, field)
);
