-- One row is one documented bridge: why figures on both sides of a break may be set against each other.
CREATE TABLE bridges (
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    population VARCHAR NOT NULL,
    happened DATE NOT NULL,
    reason_es VARCHAR NOT NULL,
    reason_en VARCHAR NOT NULL,
    reason_pt VARCHAR,
    link VARCHAR,
    decided DATE NOT NULL
);
