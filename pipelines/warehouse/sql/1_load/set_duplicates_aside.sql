-- One row is one accepted claim that repeats another to the letter: the second and later of them are set aside. Claims
-- that are equal are guarded or not together.
CREATE TEMP TABLE duplicates AS
WITH loaded AS (
    SELECT rowid AS row_id, false AS guarded, * FROM claims_stored
    UNION ALL
    SELECT rowid, true, * FROM claims_guarded
),
repeated AS (
    SELECT claim_id FROM loaded GROUP BY claim_id HAVING count(*) > 1
)
SELECT
    * EXCLUDE (suppressed, fewer_than) REPLACE (coalesce(raw, value::VARCHAR) AS raw),
    'quarantined' AS state,
    'the same claim stands already in ' || first_value(concat_ws(' ', file, place, place_number)) OVER same AS reason
FROM loaded SEMI JOIN repeated USING (claim_id)
WINDOW same AS (PARTITION BY claim_id ORDER BY file, place, place_number, row_id)
QUALIFY row_number() OVER same > 1;

INSERT INTO rows_aside BY NAME
SELECT * EXCLUDE (row_id, guarded) FROM duplicates WHERE NOT guarded ORDER BY row_id;
INSERT INTO rows_aside_guarded BY NAME
SELECT * EXCLUDE (row_id, guarded) FROM duplicates WHERE guarded ORDER BY row_id;

DELETE FROM claims_stored USING duplicates WHERE NOT duplicates.guarded AND claims_stored.rowid = duplicates.row_id;
DELETE FROM claims_guarded USING duplicates WHERE duplicates.guarded AND claims_guarded.rowid = duplicates.row_id;
