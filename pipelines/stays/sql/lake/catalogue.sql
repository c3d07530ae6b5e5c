-- One row: the settings of the catalogue's PostgreSQL that its writers rely on.
SELECT
    current_setting('lc_messages') AS lc_messages, current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit
