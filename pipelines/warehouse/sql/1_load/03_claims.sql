-- One row is one accepted claim, exactly as one report states it; a withheld one without its value (`suppressed`).
-- `source` is `claims_stored` or some of its rows: a page that asks about few reads few.
CREATE MACRO claims_read_from(source) AS TABLE
SELECT
    claim_id, situation, organisation, measure::VARCHAR AS measure, population, breakdown,
    qualifier::VARCHAR AS qualifier, value, value_high, period_start, as_of,
    as_of_basis::VARCHAR AS as_of_basis, as_of_precision::VARCHAR AS as_of_precision,
    published, published_basis::VARCHAR AS published_basis, retrieved,
    publisher, provenance::VARCHAR AS provenance, url, note,
    coalesce(raw, value::VARCHAR) AS raw, file, concat_ws(' ', place, place_number) AS place,
    suppressed, fewer_than
FROM query_table(source);

CREATE VIEW claims AS FROM claims_read_from('claims_stored');

-- While a build loads, those that may have to be withheld are claims as well.
CREATE TEMP VIEW claims_loaded AS FROM claims_stored UNION ALL FROM claims_guarded;
CREATE TEMP VIEW claims AS SELECT * EXCLUDE (suppressed, fewer_than) FROM claims_read_from('claims_loaded');
