-- Accepted rows that arrive from one file.
CREATE OR REPLACE TEMP VIEW rows_identified AS
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    * EXCLUDE (state, reason)
FROM rows_arriving;

INSERT INTO claims_stored BY NAME FROM rows_identified WHERE NOT is_guarded(breakdown);
INSERT INTO claims_guarded BY NAME SELECT *, false AS suppressed FROM rows_identified WHERE is_guarded(breakdown);
DROP VIEW rows_identified;
