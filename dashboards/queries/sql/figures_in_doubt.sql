-- One row: how many of a situation's figures something speaks against.
SELECT count(*) AS figures FROM statements_stored WHERE situation = $situation AND doubt IS NOT NULL;
