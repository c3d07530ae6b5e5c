-- One row is one statement with what the marts need beside it, as known on a day; of one organisation where it is named
-- (`within`). Marts whose rows rest on one organisation's statements alone can be asked for one: `within` again.
CREATE MACRO points_as_known_on(known_on, within := NULL) AS TABLE
WITH known_statements AS NOT MATERIALIZED (
    SELECT *, known_on AS known_from, DATE 'infinity' AS known_until
    FROM statements_as_known_on(known_on) WHERE within IS NULL OR organisation = within
),
known_breaks AS NOT MATERIALIZED (
    SELECT *, known_on AS known_from, DATE 'infinity' AS known_until FROM unbridged_breaks_as_known_on(known_on)
)
SELECT * EXCLUDE (known_from, known_until) FROM points_from('known_statements', 'known_breaks');

-- One row is one of them that counts: it stands, nothing speaks against it, and its value is published.
CREATE MACRO standing_points_as_known_on(known_on, within := NULL) AS TABLE
FROM points_as_known_on(known_on, within := within) WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld;

-- The same through every span of days, numbered (`span`), and with everything published so far: read by the marts, on
-- each of a build's connections, and gone with them.
CREATE TABLE memory.points_stored AS
WITH statement_spans AS NOT MATERIALIZED (
    FROM statements_stored UNION ALL FROM statements_ended
)
FROM points_from('statement_spans', 'break_spans');

CREATE VIEW memory.point_spans AS SELECT *, rowid AS span FROM memory.points_stored;

CREATE VIEW memory.points AS
SELECT * EXCLUDE (span, known_from, known_until) FROM memory.point_spans WHERE known_until = DATE 'infinity';

CREATE VIEW memory.standing_points AS
FROM memory.points WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld;
