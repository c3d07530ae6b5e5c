-- Every key of a breakdown stands in the closed list.
WITH parts AS (
    SELECT claim_id, file, place, unnest(string_split(breakdown, ';')) AS part FROM claims WHERE breakdown <> 'total'
)
SELECT claim_id, file, place, 'breakdown ' || part AS found
FROM parts WHERE split_part(part, '=', 1) NOT IN (SELECT key FROM breakdown_keys);
