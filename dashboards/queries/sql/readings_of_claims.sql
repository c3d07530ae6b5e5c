-- One row is one reading of one of these claims in its source; of one claim the one that counts comes first.
SELECT claim_id, verdict, field, should_be, checked_on, checked_by, address, archive
FROM verifications
WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY claim_id, checked_on DESC, position DESC;
