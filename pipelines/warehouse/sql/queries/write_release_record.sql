-- One row: what the release says of itself, as JSON (`warehouse/releases.py`).
CREATE OR REPLACE TABLE release_record AS SELECT $record AS record;
