-- One row is one row of an office's list. No text of the list is in it: `person` and `stay` are keyed hashes, what stands
-- in the others are parts that the situation lists. Moments are the time since 1900: of such a column DuckLake writes no
-- least and greatest value into the catalogue, of a day it would.
CREATE TABLE lake.stays (
    office VARCHAR, line BIGINT, person UUID, stay UUID,
    entered INTERVAL, left_on INTERVAL, exit_given BOOLEAN, recorded INTERVAL, born INTERVAL,
    age_implausible BOOLEAN, how_unknown BOOLEAN, goes_to VARCHAR, mechanism VARCHAR,
    sex VARCHAR, service VARCHAR, nationality VARCHAR, sentenced VARCHAR, facility VARCHAR
);
