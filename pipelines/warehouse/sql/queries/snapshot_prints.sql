-- One row is one statement that is drawn (`figures_drawn`): its row in the file, and a print that changes with anything it says.
SELECT rowid AS row_number, hash(stated) AS print
FROM statements_stored AS stated
WHERE standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL);
