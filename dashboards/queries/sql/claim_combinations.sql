-- One row is one combination of organisation, measure and breakdown that has claims, with its first and last moment.
SELECT organisation, measure, breakdown, first, last
FROM claim_choices
WHERE situation = $situation
ORDER BY organisation, measure, breakdown;
