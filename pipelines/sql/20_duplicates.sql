-- One row is one accepted claim that repeats another to the letter: the second and later of them are set aside.
CREATE TEMP TABLE duplicates AS
WITH repeated AS (
    SELECT claim_id FROM claims_stored GROUP BY claim_id HAVING count(*) > 1
)
SELECT
    claims_stored.rowid AS row_id,
    first_value(concat_ws(' ', file, place, place_number)) OVER same AS first_seen
FROM claims_stored SEMI JOIN repeated USING (claim_id)
WINDOW same AS (PARTITION BY claim_id ORDER BY file, place, place_number, claims_stored.rowid)
QUALIFY row_number() OVER same > 1;

INSERT INTO rows_aside BY NAME
SELECT
    claims_stored.* EXCLUDE (suppressed, fewer_than) REPLACE (coalesce(raw, value::VARCHAR) AS raw),
    'quarantined' AS state,
    'the same claim stands already in ' || duplicates.first_seen AS reason
FROM claims_stored JOIN duplicates ON claims_stored.rowid = duplicates.row_id
ORDER BY claims_stored.rowid;

DELETE FROM claims_stored USING duplicates WHERE claims_stored.rowid = duplicates.row_id;
