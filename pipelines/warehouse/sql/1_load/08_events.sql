-- One row is one event that a chart can mark; without `title_pt` its readers see the Spanish title.
CREATE TABLE events (
    situation VARCHAR NOT NULL,
    happened DATE NOT NULL,
    kind VARCHAR NOT NULL,
    title_es VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    title_pt VARCHAR,
    url VARCHAR,
    published DATE
);
