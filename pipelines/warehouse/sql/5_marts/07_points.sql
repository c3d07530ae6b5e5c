-- One row is one statement with what the marts need beside it, as known on a day; of one organisation where it is named
-- (`within`). Marts whose rows rest on one organisation's statements alone can be asked for one: `within` again.
CREATE MACRO points_as_known_on(known_on, within := NULL) AS TABLE
WITH known_statements AS NOT MATERIALIZED (
    FROM statements_as_known_on(known_on) WHERE within IS NULL OR organisation = within
)
FROM points_from('known_statements', known_on);

-- One row is one of them that counts: it stands, nothing speaks against it, and its value is published.
CREATE MACRO standing_points_as_known_on(known_on, within := NULL) AS TABLE
FROM points_as_known_on(known_on, within := within) WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld;

-- The same with everything published so far: read by the marts below, and gone with the build's connection.
CREATE TEMP TABLE points AS FROM points_from('statements', DATE '9999-12-31');
CREATE TEMP VIEW standing_points AS
FROM points WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld;
