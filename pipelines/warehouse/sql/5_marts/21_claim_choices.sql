-- One row is one combination of organisation, measure and breakdown that has claims, with its first and last moment.
CREATE TABLE claim_choices AS
SELECT situation, organisation, measure, breakdown, min(as_of) AS first, max(as_of) AS last
FROM statements
GROUP BY situation, organisation, measure, breakdown
ORDER BY situation, organisation, measure, breakdown;
