-- One row is one table that a build's file holds; views and what lives only while it is made are none.
SELECT table_name
FROM duckdb_tables()
WHERE NOT internal AND NOT temporary AND table_name <> 'release_record'
ORDER BY table_name;
