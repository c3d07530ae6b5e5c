-- One row is one mistake of our own: a figure that stood here and was taken away or changed, what stands now, and why.
-- `position` counts from one in the order to read them: newest decision first, of one day those that stood on the front
-- page first, then the largest difference. Of a part that could hold a small cell no number and no reason is kept (`suppressed`).
CREATE TABLE own_corrections (
    situation VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    decided DATE NOT NULL,
    change VARCHAR NOT NULL, -- removed, changed
    shown_from DATE,
    shown_until DATE,
    front_page BOOLEAN NOT NULL,
    old_organisation VARCHAR NOT NULL,
    old_measure VARCHAR NOT NULL,
    old_breakdown VARCHAR NOT NULL,
    old_qualifier VARCHAR,
    old_value BIGINT,
    old_as_of DATE,
    old_period_start DATE,
    new_organisation VARCHAR,
    new_measure VARCHAR,
    new_breakdown VARCHAR,
    new_qualifier VARCHAR,
    new_value BIGINT,
    new_as_of DATE,
    new_period_start DATE,
    published DATE NOT NULL,
    url VARCHAR,
    why_es VARCHAR NOT NULL,
    why_en VARCHAR NOT NULL,
    why_pt VARCHAR NOT NULL,
    suppressed BOOLEAN NOT NULL
);
