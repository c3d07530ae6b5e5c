-- One row is one field of one claim that a person corrected; the claim itself stays as it was stated.
CREATE TABLE corrections (
    claim_id VARCHAR NOT NULL,
    situation VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    expected VARCHAR,
    corrected VARCHAR,
    reason VARCHAR NOT NULL,
    decided DATE NOT NULL,
    PRIMARY KEY (claim_id, field)
);
