-- One row is one accepted row that repeats another to the letter: the second and later of them.
CREATE TEMP TABLE duplicates AS
WITH repeated AS (
    SELECT claim_id
    FROM rows_read
    WHERE state = 'accepted'
    GROUP BY claim_id
    HAVING count(*) > 1
)
SELECT
    file,
    place,
    first_value(file || ' ' || place) OVER same AS first_seen
FROM rows_read SEMI JOIN repeated USING (claim_id)
WHERE state = 'accepted'
WINDOW same AS (PARTITION BY claim_id ORDER BY file, rows_read.rowid)
QUALIFY row_number() OVER same > 1;

UPDATE rows_read
SET state = 'quarantined', reason = 'the same claim stands already in ' || duplicates.first_seen
FROM duplicates
WHERE rows_read.file = duplicates.file AND rows_read.place = duplicates.place;
