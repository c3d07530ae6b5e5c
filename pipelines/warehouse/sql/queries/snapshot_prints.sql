-- One row is one statement that stands: its row in the file, and a print that changes with anything it says.
SELECT rowid AS row_number, hash(stated) AS print
FROM statements_stored AS stated
WHERE standing = 'stands';
