-- One row is what is known of one cited document: when it was read, or a copy of it in a public archive.
FROM archived_copies
WHERE situation = $situation
ORDER BY position;
