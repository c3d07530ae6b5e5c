-- One row is one column of text of one table that is written to the build's file. Ids of claims, figures and builds, and where
-- in a report a figure stands, are made by us; statements repeat the texts of claims; settings are looked through key
-- by key before they are loaded.
SELECT table_name, column_name, estimated_size
FROM duckdb_columns() AS columns JOIN duckdb_tables() AS tables USING (table_oid, table_name)
WHERE tables.database_name = current_database() AND NOT tables.temporary
    AND table_name NOT IN ('statements_stored', 'statements_ended')
    AND data_type IN ('VARCHAR', 'VARCHAR[]')
    AND NOT regexp_matches(column_name, '(^|_)claims?$')
    AND column_name NOT IN ('claim_id', 'reading_id', 'figure_id', 'build_id', 'sha256', 'place')
ORDER BY ALL;
