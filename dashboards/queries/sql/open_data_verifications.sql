-- One row is one reading of one claim of a situation in its source.
FROM verifications
WHERE situation = $situation
ORDER BY claim_id, position;
