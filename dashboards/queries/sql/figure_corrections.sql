-- One row is one field that a person corrected in one of these claims.
SELECT claim_id, field, expected, corrected, reason, reason_en, reason_pt, decided
FROM corrections
WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY decided, claim_id, field;
