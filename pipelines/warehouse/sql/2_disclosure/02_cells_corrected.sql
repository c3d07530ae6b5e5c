-- A claim that a correction, or a reading in its source, turns into a guarded cell waits with the others.
CREATE TEMP TABLE cells_corrected AS
SELECT claim_id FROM corrections WHERE field = 'breakdown' AND is_guarded(corrected, NULL)
UNION
SELECT claim_id FROM verifications WHERE field = 'breakdown' AND is_guarded(should_be, NULL);

INSERT INTO claims_guarded FROM claims_stored SEMI JOIN cells_corrected USING (claim_id);
DELETE FROM claims_stored USING cells_corrected WHERE claims_stored.claim_id = cells_corrected.claim_id;
