-- One row is one publisher of a situation that has a name for readers.
FROM publishers
WHERE situation = $situation
ORDER BY publisher;
