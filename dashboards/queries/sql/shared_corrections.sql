-- One row is one correction of a claim whose value is published.
SELECT corrections.*
FROM corrections JOIN claims USING (claim_id)
WHERE claims.situation = $situation AND NOT claims.suppressed
ORDER BY claim_id, field;
