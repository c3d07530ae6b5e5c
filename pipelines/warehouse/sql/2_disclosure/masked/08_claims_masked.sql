-- The claims that waited, as they are published. A withheld one keeps who, what, when and where; its value, hedge, words
-- and note stay out. Of the others only words that spell out a part. An id made from what stays out can be tried out, so
-- it is made without it.
CREATE TEMP TABLE claims_masked AS
SELECT
    claim_id,
    masked_identity(
        CASE WHEN withheld THEN 'withheld' ELSE 'shortened' END,
        situation, organisation, measure, population, breakdown,
        CASE WHEN NOT withheld THEN concat_ws(' ', qualifier, value, value_high) END,
        period_start, as_of, published, told_publisher, told_url, row_number() OVER (
            PARTITION BY situation, organisation, measure, population, breakdown,
                withheld, CASE WHEN NOT withheld THEN value END,
                period_start, as_of, published, publisher, told_url
            ORDER BY file, place, place_number
        )
    ) AS masked_id,
    told_url, told_publisher, withheld, fewer_than
FROM (
    SELECT
        guarded.* EXCLUDE (fewer_than), cells_withheld.claim_id IS NOT NULL AS withheld, cells_withheld.fewer_than,
        address_unspelled(url) AS told_url, without_spelled(publisher) AS told_publisher
    FROM claims_guarded AS guarded LEFT JOIN cells_withheld USING (claim_id)
    WHERE cells_withheld.claim_id IS NOT NULL OR address_spells_part(url) OR spells_part(publisher)
);

INSERT INTO claims_stored BY NAME
SELECT guarded.* REPLACE (
    coalesce(masked_id, guarded.claim_id) AS claim_id,
    CASE WHEN NOT spells_part(note) THEN note END AS note, CASE WHEN NOT spells_part(raw) THEN raw END AS raw,
    CASE WHEN masked_id IS NULL THEN url ELSE told_url END AS url,
    CASE WHEN masked_id IS NULL THEN publisher ELSE told_publisher END AS publisher
)
FROM claims_guarded AS guarded LEFT JOIN claims_masked AS masked USING (claim_id)
WHERE withheld IS NOT TRUE;

INSERT INTO claims_stored BY NAME
SELECT
    guarded.* EXCLUDE (qualifier, value, value_high, raw, note) REPLACE (
        masked.masked_id AS claim_id, true AS suppressed, masked.fewer_than AS fewer_than,
        told_url AS url, told_publisher AS publisher
    )
FROM claims_guarded AS guarded JOIN claims_masked AS masked USING (claim_id)
WHERE withheld;

UPDATE corrections SET
    claim_id = masked_id,
    reason = CASE WHEN withheld THEN '' ELSE reason END,
    expected = CASE WHEN NOT withheld OR field IN ('as_of', 'period_start', 'measure', 'breakdown') THEN expected END,
    corrected = CASE WHEN NOT withheld OR field IN ('as_of', 'period_start', 'measure', 'breakdown') THEN corrected END
FROM claims_masked WHERE claims_masked.claim_id = corrections.claim_id;

UPDATE decisions SET
    claim_id = masked_id, reading_id = masked_id,
    corrected = CASE WHEN NOT withheld THEN corrected END, reason = CASE WHEN NOT withheld THEN reason END
FROM claims_masked WHERE claims_masked.claim_id = decisions.claim_id;

UPDATE verifications SET
    claim_id = masked_id,
    field = CASE WHEN NOT withheld THEN field END, should_be = CASE WHEN NOT withheld THEN should_be END
FROM claims_masked WHERE claims_masked.claim_id = verifications.claim_id;

DROP VIEW rows_named;
DROP VIEW temp.claims;
