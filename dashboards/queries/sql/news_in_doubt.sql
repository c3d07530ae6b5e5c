-- One row is one statement in doubt that was published since a day, the newest first.
SELECT *
FROM statements
WHERE situation = $situation AND published >= $since AND doubt IS NOT NULL
ORDER BY published DESC, as_of DESC NULLS LAST, claim_id;
