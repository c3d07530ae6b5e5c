-- The guarded claims as they are published. A withheld one keeps who, what, when and where; its value, hedge, words and
-- note stay out, and its id is made without them: an id made from a small value can be tried out.
CREATE TEMP TABLE claims_masked AS
SELECT
    guarded.claim_id,
    left(md5(concat_ws('|',
        'withheld', situation, organisation, measure, population, breakdown, period_start, as_of, published, publisher,
        url, row_number() OVER (
            PARTITION BY situation, organisation, measure, population, breakdown, period_start, as_of, published,
                publisher, url
            ORDER BY file, place, place_number
        )
    )), 16) AS masked_id,
    cells_withheld.fewer_than
FROM claims_guarded AS guarded JOIN cells_withheld USING (claim_id);

INSERT INTO claims_stored BY NAME
FROM claims_guarded ANTI JOIN claims_masked USING (claim_id);

INSERT INTO claims_stored BY NAME
SELECT
    guarded.* EXCLUDE (qualifier, value, value_high, raw, note) REPLACE (
        masked.masked_id AS claim_id, true AS suppressed, masked.fewer_than AS fewer_than
    )
FROM claims_guarded AS guarded JOIN claims_masked AS masked USING (claim_id);

UPDATE corrections
SET claim_id = masked_id, reason = '',
    expected = CASE WHEN field IN ('as_of', 'period_start', 'measure', 'breakdown') THEN expected END,
    corrected = CASE WHEN field IN ('as_of', 'period_start', 'measure', 'breakdown') THEN corrected END
FROM claims_masked WHERE claims_masked.claim_id = corrections.claim_id;

UPDATE decisions SET claim_id = masked_id, reading_id = masked_id, corrected = NULL, reason = NULL
FROM claims_masked WHERE claims_masked.claim_id = decisions.claim_id;

UPDATE verifications SET claim_id = masked_id, field = NULL, should_be = NULL
FROM claims_masked WHERE claims_masked.claim_id = verifications.claim_id;

DROP VIEW rows_named;
DROP VIEW temp.claims;
