-- One row is one measure of the closed list, with how it behaves in time.
CREATE TABLE measures (measure VARCHAR PRIMARY KEY, kind VARCHAR NOT NULL);
