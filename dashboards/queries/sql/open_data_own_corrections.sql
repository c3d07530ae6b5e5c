-- One row is one mistake of our own: a figure that stood here and was taken away or changed.
FROM own_corrections
WHERE situation = $situation
ORDER BY position;
