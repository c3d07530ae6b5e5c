-- The guarded rows that do not count, as they are published: without what was written where it is, or may be, a small
-- cell or would give one away.
CREATE TEMP TABLE rows_aside_masked AS
WITH moments AS (
    SELECT moment, key FROM cells_small UNION SELECT moment, key FROM cells_unsafe
)
SELECT
    aside.rowid AS row_id, aside.claim_id,
    left(md5(concat_ws('|', 'withheld', aside.situation, aside.file, aside.place, aside.place_number, row_number() OVER (
        PARTITION BY aside.situation, aside.file, aside.place, aside.place_number ORDER BY aside.rowid
    ))), 16) AS masked_id
FROM rows_aside_guarded AS aside
JOIN situations USING (situation)
WHERE aside.value IS NULL
    OR aside.value < (settings ->> 'small_cell')::INTEGER
    OR hash(aside.situation, aside.measure, aside.population, aside.as_of) IN (SELECT moment FROM moments);

INSERT INTO rows_aside BY NAME
SELECT aside.* FROM rows_aside_guarded AS aside ANTI JOIN rows_aside_masked ON row_id = aside.rowid;

INSERT INTO rows_aside BY NAME
SELECT
    aside.* EXCLUDE (qualifier, value, value_high, note, raw) REPLACE (
        masked_id AS claim_id, regexp_replace(reason, '[0-9]+', '…', 'g') AS reason
    )
FROM rows_aside_guarded AS aside JOIN rows_aside_masked ON row_id = aside.rowid;

UPDATE decisions SET claim_id = masked_id, reading_id = masked_id, corrected = NULL, reason = NULL
FROM rows_aside_masked WHERE rows_aside_masked.claim_id = decisions.reading_id;
