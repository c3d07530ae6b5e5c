-- One row is one accepted claim of one organisation, copied so that a figure can be tried beside it.
CREATE OR REPLACE TEMP TABLE claims AS
FROM main.claims WHERE situation = $situation AND organisation = $organisation;
