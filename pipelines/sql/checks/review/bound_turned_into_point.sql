-- "More than 400" is not 400: a bound that a later report states as an exact figure with the same number.
SELECT
    point.situation, point.organisation, point.measure, point.population, point.breakdown, point.as_of,
    [bound.value, point.value] AS amounts, [bound.claim_id, point.claim_id] AS claims,
    0::BIGINT AS severity
FROM statements AS bound
JOIN statements AS point USING (point, value)
WHERE bound.qualifier IN ('at_least', 'more_than', 'at_most', 'less_than')
    AND point.qualifier = 'exact'
    AND point.published >= bound.published;
