-- One row is one row read that does not count any more, which said what one of these claims said.
SELECT state, reason
FROM rows_aside
WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY state, reason;
