-- One row: the statement that reads each table of a build's file whole; views and what lives only while it is made are
-- none. One statement for all, since each has its price.
SELECT
    string_agg(
        format(
            'SELECT ''{0}'' AS name, count(*) AS rows, coalesce(sum(hash(each_row)), 0)::VARCHAR AS cells FROM "{0}" AS each_row',
            table_name
        ),
        ' UNION ALL ' ORDER BY table_name
    ) AS statement
FROM duckdb_tables()
WHERE database_name = current_database() AND NOT internal AND NOT temporary AND table_name <> 'release_record';
