-- One row is one row read that does not count: it waits for a person or is quarantined, with the reason.
CREATE TABLE rows_aside (
    claim_id VARCHAR,
    situation VARCHAR NOT NULL,
    organisation VARCHAR,
    measure VARCHAR,
    population VARCHAR,
    breakdown VARCHAR,
    qualifier VARCHAR,
    value BIGINT,
    value_high BIGINT,
    period_start DATE,
    as_of DATE,
    as_of_basis VARCHAR,
    as_of_precision VARCHAR,
    published DATE,
    published_basis VARCHAR,
    retrieved DATE,
    publisher VARCHAR,
    provenance VARCHAR,
    url VARCHAR,
    note VARCHAR,
    raw VARCHAR,
    file VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    place_number BIGINT,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    stands_for BIGINT -- of how many rows at fault this one tells, where a file has more than are kept; else null
);

-- Those that may have to be withheld wait here, outside the file that is published, until that is known.
CREATE TEMP TABLE rows_aside_guarded AS FROM rows_aside LIMIT 0;
