-- One row is one key of the closed list of breakdowns.
CREATE TABLE breakdown_keys (key VARCHAR PRIMARY KEY);
