-- One row is one reading of one of these claims in its source; of one claim the one that counts comes first. `overtaken`
-- says that its number was corrected since: it counts no longer.
SELECT
    claim_id, verdict, field, should_be, checked_on, checked_by, address, archive,
    counts_until < DATE 'infinity' AS overtaken
FROM readings_until_corrected()
WHERE situation = $situation AND claim_id IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY claim_id, overtaken, checked_on DESC, position DESC;
