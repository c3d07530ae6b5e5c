-- One row is what one organisation counts under one measure, in which unit (people, arrests, orders …), since and until when.
CREATE TABLE definitions (
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    population VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    since DATE,
    until DATE,
    text_es VARCHAR NOT NULL,
    text_en VARCHAR NOT NULL,
    text_pt VARCHAR,
    break_reason_es VARCHAR,
    break_reason_en VARCHAR,
    break_reason_pt VARCHAR
);
