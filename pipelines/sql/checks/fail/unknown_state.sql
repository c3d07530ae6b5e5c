-- Every row read ends accepted, pending or quarantined, and the last two say why.
SELECT claim_id, file, place, 'state ' || state AS found
FROM rows_read
WHERE state NOT IN ('accepted', 'pending', 'quarantined') OR (state <> 'accepted' AND reason IS NULL);
