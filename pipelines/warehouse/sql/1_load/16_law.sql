-- One row is one fact on the page about a situation's law, with the source that was read for it and when.
CREATE TABLE law (
    situation VARCHAR NOT NULL,
    title_es VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    title_pt VARCHAR,
    lead_es VARCHAR NOT NULL,
    lead_en VARCHAR NOT NULL,
    lead_pt VARCHAR,
    section INTEGER NOT NULL,
    section_es VARCHAR NOT NULL,
    section_en VARCHAR NOT NULL,
    section_pt VARCHAR,
    position INTEGER NOT NULL,
    text_es VARCHAR NOT NULL,
    text_en VARCHAR NOT NULL,
    text_pt VARCHAR,
    publisher VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    published DATE,
    read_on DATE NOT NULL,
    PRIMARY KEY (situation, section, position)
);
