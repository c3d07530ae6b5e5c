-- Rows that arrive from one file: what counts goes one way, what does not the other.
INSERT INTO claims_stored BY NAME
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    * EXCLUDE (state, reason)
FROM rows_arriving WHERE state = 'accepted';

INSERT INTO rows_aside BY NAME
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    *
FROM rows_arriving WHERE state <> 'accepted';
