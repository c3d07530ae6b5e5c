-- Two accepted claims never share an identity.
SELECT claim_id, min(file) AS file, string_agg(place, ', ') AS place, count(*) || ' claims' AS found
FROM claims GROUP BY claim_id HAVING count(*) > 1;
