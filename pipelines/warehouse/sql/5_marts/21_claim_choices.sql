-- One row is one combination of organisation, measure and breakdown that has claims, with its first and last moment.
CREATE TABLE claim_choices AS
SELECT situation, organisation, measure, breakdown, min(as_of) AS first, max(as_of) AS last
FROM statements
GROUP BY situation, organisation, measure, breakdown
ORDER BY situation, organisation, measure, breakdown;

-- One row is one day of which a named organisation published a figure that stands without a doubt.
CREATE TABLE organisation_days AS
SELECT DISTINCT situation, organisation::organisation_word AS organisation, as_of AS day
FROM statements_stored SEMI JOIN (FROM organisations WHERE NOT unnamed) AS named USING (situation, organisation)
WHERE standing = 'stands' AND doubt IS NULL AND as_of IS NOT NULL
ORDER BY situation, organisation, day;
