-- Accepted rows that arrive from one file.
INSERT INTO claims_stored BY NAME
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    * EXCLUDE (state, reason)
FROM rows_arriving;
