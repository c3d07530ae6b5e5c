-- The guarded rows that do not count, as they are published: without what was written. They may be a small cell, or
-- give one away, and of what has not been accepted nobody can tell.
CREATE TEMP TABLE rows_aside_masked AS
SELECT
    aside.rowid AS row_id, aside.claim_id,
    left(md5(concat_ws('|', 'withheld', aside.situation, aside.file, aside.place, aside.place_number, row_number() OVER (
        PARTITION BY aside.situation, aside.file, aside.place, aside.place_number ORDER BY aside.rowid
    ))), 16) AS masked_id,
    list_transform([organisation, measure, population, publisher], lambda text: without_spelled(text)) AS told
FROM rows_aside_guarded AS aside;

INSERT INTO rows_aside BY NAME
SELECT
    aside.* EXCLUDE (qualifier, value, value_high, note, raw) REPLACE (
        masked_id AS claim_id,
        told[1] AS organisation, told[2] AS measure, told[3] AS population, told[4] AS publisher,
        address_unspelled(url) AS url,
        CASE WHEN spells_part(replace(breakdown, '_', ' ')) THEN NULL ELSE breakdown END AS breakdown,
        without_numbers(reason) AS reason
    )
FROM rows_aside_guarded AS aside JOIN rows_aside_masked ON row_id = aside.rowid;

UPDATE decisions SET claim_id = masked_id, reading_id = masked_id, corrected = NULL, reason = NULL
FROM rows_aside_masked WHERE rows_aside_masked.claim_id = decisions.reading_id;
