-- One row is one organisation that asserts figures in one situation.
CREATE TABLE organisations (
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    members VARCHAR[] NOT NULL,
    rhythm_days INTEGER,
    website VARCHAR,
    unnamed BOOLEAN NOT NULL,
    PRIMARY KEY (situation, organisation)
);
