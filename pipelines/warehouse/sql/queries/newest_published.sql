-- One row: the day of the newest report that a counting figure comes from.
SELECT max(published) AS newest_published FROM claims;
