-- One row is one publisher of a situation's claims, by its name in the sheets.
SELECT DISTINCT publisher FROM claims WHERE situation = $situation ORDER BY publisher;
