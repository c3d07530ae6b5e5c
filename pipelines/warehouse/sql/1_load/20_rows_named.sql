-- One row is one row that was read, whatever became of it, under the columns by which a reading names it.
CREATE TEMP VIEW rows_named AS
SELECT claim_id, situation, organisation, measure, breakdown, qualifier, value, as_of, published, url, file, place
FROM claims
UNION ALL
SELECT
    NULL, situation, organisation, measure, breakdown, qualifier, value, as_of, published, url, file,
    concat_ws(' ', place, place_number)
FROM (FROM rows_aside UNION ALL FROM rows_aside_guarded);
