-- Every row that does not count is pending or quarantined, and says why.
SELECT claim_id, file, concat_ws(' ', place, place_number) AS place, 'state ' || state AS found
FROM rows_aside
WHERE state NOT IN ('pending', 'quarantined') OR trim(reason) = '';
