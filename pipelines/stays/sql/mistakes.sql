-- One row is one kind of mistake of one office's list, in how many rows it is, and the first of them.
WITH found AS (
    SELECT fault, NULL AS key, row FROM rows_read WHERE fault IS NOT NULL
    UNION ALL
    SELECT pair_fault, NULL, row FROM rows_placed WHERE pair_fault IS NOT NULL
    UNION ALL
    SELECT 'implausible_age', NULL, row FROM rows_read WHERE age_implausible
    UNION ALL
    SELECT 'exit_unexplained', 'how', row
    FROM rows_read
    WHERE fault IS NULL AND left_on IS NOT NULL AND goes_to IS NULL AND EXISTS (FROM codes WHERE key = 'how')
    UNION ALL
    SELECT 'unknown_code', key, row
    FROM (
        SELECT row, unnest([
            CASE WHEN how_unknown THEN 'how' END, CASE sex WHEN '?' THEN 'sex' END,
            CASE service WHEN '?' THEN 'service' END, CASE nationality WHEN '?' THEN 'nationality' END,
            CASE sentenced WHEN '?' THEN 'sentenced' END, CASE facility WHEN '?' THEN 'facility' END
        ]) AS key
        FROM rows_read
        WHERE how_unknown OR '?' IN (sex, service, nationality, sentenced, facility)
    )
    WHERE key IS NOT NULL
)
SELECT fault, key, office_of(row) AS office, count(*) AS rows, min(line_of(row), 5) AS first_rows
FROM found
GROUP BY ALL
ORDER BY fault, key, office;
