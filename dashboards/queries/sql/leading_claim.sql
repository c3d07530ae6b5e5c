-- One row is the claim that leads the statement which a claim carries.
SELECT statements.claim_id
FROM statements
JOIN claim_points USING (point)
WHERE statements.situation = $situation AND claim_points.claim = hash($claim::VARCHAR)
ORDER BY standing <> 'stands', statements.published, statements.claim_id
LIMIT 1;
