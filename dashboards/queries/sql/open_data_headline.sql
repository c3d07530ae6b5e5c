-- One row is the figure that a headline may use, for one organisation and measure, and the newest that was passed over.
SELECT * REPLACE (
    measure::VARCHAR AS measure, qualifier::VARCHAR AS qualifier, as_of_precision::VARCHAR AS as_of_precision,
    provenance::VARCHAR AS provenance, passed_qualifier::VARCHAR AS passed_qualifier
)
FROM headline
WHERE situation = $situation
ORDER BY organisation, measure;
