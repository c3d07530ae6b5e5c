-- One row is one column of text of one table that is written to the build's file. Where in a report a figure stands is
-- made by us, of numbers; settings are looked through key by key before they are loaded.
SELECT table_name, column_name
FROM duckdb_columns() AS columns JOIN duckdb_tables() AS tables USING (table_oid, table_name)
WHERE NOT tables.temporary
    AND data_type IN ('VARCHAR', 'VARCHAR[]')
    AND column_name NOT IN ('claim_id', 'reading_id', 'figure_id', 'sha256', 'place')
ORDER BY ALL;
