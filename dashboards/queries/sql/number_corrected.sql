-- One row is one correction of this number, or of a range with it: that which counted as stated before. The newest come first.
SELECT claim_id, field, expected, corrected, reason, reason_en, reason_pt, decided
FROM corrections
WHERE situation = $situation AND field IN ('value', 'value_high') AND expected = $number::VARCHAR
ORDER BY decided DESC, claim_id, field
LIMIT $limit;
