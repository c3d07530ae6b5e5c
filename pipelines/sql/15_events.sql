-- One row is one event that a chart can mark.
CREATE TABLE events (
    situation VARCHAR NOT NULL,
    happened DATE NOT NULL,
    kind VARCHAR NOT NULL,
    title_es VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    url VARCHAR,
    published DATE
);
