-- One row is one office that has rows in `rows_kept`.
SELECT DISTINCT office FROM rows_kept ORDER BY office;
