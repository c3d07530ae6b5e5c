-- One row is what is known of one cited document: the day on which it was read with the sha256 of what came, or a copy
-- in a public archive with its day, or both. Of several rows of one address the last counts.
CREATE TABLE archived_copies (
    situation VARCHAR NOT NULL,
    position INTEGER NOT NULL, -- the row of the file, counted from one
    url VARCHAR NOT NULL,
    retrieved DATE,
    sha256 VARCHAR, -- of the bytes that were read, not of the copy
    bytes BIGINT,
    archive VARCHAR,
    archived_on DATE
);
