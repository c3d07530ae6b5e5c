-- One row is one contradiction that a person explained, with a reason and a link; it stays visible as explained.
-- A field left empty matches anything.
CREATE TABLE explanations (
    situation VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    measure VARCHAR,
    breakdown VARCHAR,
    as_of DATE,
    amounts BIGINT[],
    reason_es VARCHAR NOT NULL,
    reason_en VARCHAR NOT NULL,
    reason_pt VARCHAR,
    link VARCHAR,
    decided DATE NOT NULL
);
