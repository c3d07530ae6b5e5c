-- The figure that is tried, beside the claims of its organisation.
INSERT INTO temp.claims BY NAME
SELECT
    claim_id, situation, organisation, measure, population, breakdown, qualifier, value, value_high,
    period_start, as_of, as_of_basis, as_of_precision, published, published_basis, retrieved,
    publisher, provenance, url, note, raw, file, place
FROM candidate;
