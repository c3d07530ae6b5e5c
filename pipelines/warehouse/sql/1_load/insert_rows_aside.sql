-- Rows that arrive from one file and do not count, with the reason.
CREATE OR REPLACE TEMP VIEW rows_identified AS
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    *
FROM rows_arriving;

INSERT INTO rows_aside BY NAME FROM rows_identified WHERE NOT is_guarded(coalesce(breakdown, ''));
INSERT INTO rows_aside_guarded BY NAME FROM rows_identified WHERE is_guarded(coalesce(breakdown, ''));
DROP VIEW rows_identified;
