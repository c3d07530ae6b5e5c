-- One row is one fact on the page about the law, in the order in which it is told.
SELECT * EXCLUDE (situation, position)
FROM law
WHERE situation = $situation
ORDER BY section, position;
