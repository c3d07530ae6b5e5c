-- One row is one publisher that has a name for readers.
SELECT publisher, name_es, name_en, name_pt
FROM publishers
WHERE situation = $situation
ORDER BY publisher;
