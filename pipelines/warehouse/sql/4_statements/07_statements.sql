-- One row is one distinct statement, as known with everything published so far. Stored in the order in which
-- pages ask: a question about one organisation's measure reads a small stretch of the file.
CREATE TEMP TABLE placed_points AS FROM placed_as_known_on(DATE '9999-12-31');

CREATE TABLE statements_stored AS
SELECT * REPLACE (
    measure::measure_word AS measure,
    qualifier::qualifier_word AS qualifier,
    as_of_basis::basis_word AS as_of_basis,
    as_of_precision::precision_word AS as_of_precision,
    published_basis::published_basis_word AS published_basis,
    provenance::provenance_word AS provenance
)
FROM statements_from('placed_points', DATE '9999-12-31')
ORDER BY situation, organisation, measure, breakdown, as_of;

CREATE VIEW statements AS
SELECT * REPLACE (
    measure::VARCHAR AS measure,
    qualifier::VARCHAR AS qualifier,
    as_of_basis::VARCHAR AS as_of_basis,
    as_of_precision::VARCHAR AS as_of_precision,
    published_basis::VARCHAR AS published_basis,
    provenance::VARCHAR AS provenance
)
FROM statements_stored;
