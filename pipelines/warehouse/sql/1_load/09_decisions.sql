-- One row is one decision of one reviewer about one figure that waited; refused ones stand in the quarantine.
-- `reading_id` is the figure as it was read, `claim_id` as it would count with what was corrected.
CREATE TABLE decisions (
    situation VARCHAR NOT NULL,
    reading_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    corrected VARCHAR,
    reason VARCHAR,
    reviewer VARCHAR NOT NULL,
    decided DATE NOT NULL,
    row_number BIGINT NOT NULL
);
