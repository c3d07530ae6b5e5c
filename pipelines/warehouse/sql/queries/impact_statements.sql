-- One row is one statement of the series that a tried figure belongs to.
SELECT claim_id, as_of, published, qualifier, value, value_high, standing, why_standing, doubt, revision, contradicted
FROM statement_lives
WHERE known_until = DATE 'infinity' AND measure = $measure AND population = $population AND breakdown = $breakdown
ORDER BY as_of, published, claim_id;
