-- One row is one guarded claim that repeats another to the letter: the second and later of them are set aside.
CREATE TEMP TABLE duplicates_guarded AS
WITH repeated AS (
    SELECT claim_id FROM claims_guarded GROUP BY claim_id HAVING count(*) > 1
)
SELECT
    claims_guarded.rowid AS row_id,
    first_value(concat_ws(' ', file, place, place_number)) OVER same AS first_seen
FROM claims_guarded SEMI JOIN repeated USING (claim_id)
WINDOW same AS (PARTITION BY claim_id ORDER BY file, place, place_number, claims_guarded.rowid)
QUALIFY row_number() OVER same > 1;

INSERT INTO rows_aside_guarded BY NAME
SELECT
    claims_guarded.* EXCLUDE (suppressed, fewer_than) REPLACE (coalesce(raw, value::VARCHAR) AS raw),
    'quarantined' AS state,
    'the same claim stands already in ' || duplicates_guarded.first_seen AS reason
FROM claims_guarded JOIN duplicates_guarded ON claims_guarded.rowid = duplicates_guarded.row_id
ORDER BY claims_guarded.rowid;

DELETE FROM claims_guarded USING duplicates_guarded WHERE claims_guarded.rowid = duplicates_guarded.row_id;
