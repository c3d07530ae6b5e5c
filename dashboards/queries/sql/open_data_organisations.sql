-- One row is one organisation of a situation.
SELECT * REPLACE (array_to_string(members, ';') AS members)
FROM organisations
WHERE situation = $situation
ORDER BY organisation;
