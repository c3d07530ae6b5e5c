-- One row is one part of one organisation's count that an earlier try of this build gave away by reckoning: all that is
-- said of it is withheld, on every day, together with its siblings. Empty in nearly every build.
CREATE TEMP TABLE cells_exposed (situation VARCHAR, organisation VARCHAR, family VARCHAR, breakdown VARCHAR);
