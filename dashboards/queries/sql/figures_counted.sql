-- One row: how many figures a situation has.
SELECT count(*) AS figures FROM statements WHERE situation = $situation;
