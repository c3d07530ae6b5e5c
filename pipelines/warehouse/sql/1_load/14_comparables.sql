-- One row is one side of a thing that different speakers count under different measures, declared to be the same.
-- `starts` is the day from which all sides count; a side names a role, an organisation, or both.
CREATE TABLE comparables (
    situation VARCHAR NOT NULL,
    comparable VARCHAR NOT NULL,
    text_es VARCHAR NOT NULL,
    text_en VARCHAR NOT NULL,
    text_pt VARCHAR,
    starts DATE,
    role VARCHAR,
    organisation VARCHAR,
    measure VARCHAR NOT NULL,
    population VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL
);
