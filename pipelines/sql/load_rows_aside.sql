-- Rows that arrive from one file and do not count, with the reason.
INSERT INTO rows_aside BY NAME
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    *
FROM rows_arriving;
