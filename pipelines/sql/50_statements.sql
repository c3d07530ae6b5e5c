-- One row is one distinct statement, as known with everything published so far.
CREATE TABLE statements_stored AS
SELECT * EXCLUDE (publisher, url) REPLACE (
    measure::measure_word AS measure,
    qualifier::qualifier_word AS qualifier,
    as_of_basis::basis_word AS as_of_basis,
    as_of_precision::precision_word AS as_of_precision,
    published_basis::published_basis_word AS published_basis,
    provenance::provenance_word AS provenance
)
FROM statements_as_known_on(DATE '9999-12-31');

CREATE VIEW statements AS
SELECT
    situation, organisation, measure::VARCHAR AS measure, kind, population, breakdown, baseline,
    period_start, window_basis, as_of, as_of_basis::VARCHAR AS as_of_basis,
    as_of_precision::VARCHAR AS as_of_precision, qualifier::VARCHAR AS qualifier, value, value_high, low, high,
    published, published_basis::VARCHAR AS published_basis, last_published,
    revision, standing, contradicted, corrected, carriers,
    provenance::VARCHAR AS provenance, sources.publisher, sources.url, claim_id, point
FROM statements_stored JOIN (SELECT claim_id, publisher, url FROM claims_stored) AS sources USING (claim_id);
