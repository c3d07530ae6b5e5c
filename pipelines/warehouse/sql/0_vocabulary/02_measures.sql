-- One row is one measure of the closed list, with how it behaves in time and its place on the status ladder (null: none).
-- Figures of one topic are those that a reader would set against each other, and only those of one rung may be.
CREATE TABLE measures (measure VARCHAR PRIMARY KEY, kind VARCHAR NOT NULL, topic VARCHAR, rung VARCHAR);
