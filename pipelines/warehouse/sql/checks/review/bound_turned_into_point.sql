-- One row is one bound ("more than 407") that a later report states as an exact figure with the same number. Of a round
-- number ("more than 400", then 400) both may be true: it is rounded.
CREATE MACRO rule_bound_turned_into_point(source) AS TABLE
SELECT
    'bound_turned_into_point' AS rule, exact.situation, exact.organisation, exact.measure, exact.population,
    exact.breakdown, exact.period_start, exact.as_of, greatest(exact.published, bound.published) AS published,
    CASE WHEN exact.withheld THEN [NULL, NULL] ELSE [bound.value, exact.value] END AS amounts,
    [bound.claim_id, exact.claim_id] AS claims, 1::BIGINT AS people, greatest(exact.value, 1) AS largest,
    greatest(exact.known_from, bound.known_from) AS known_from, least(exact.known_until, bound.known_until) AS known_until
FROM (SELECT * FROM query_table(source) WHERE qualifier IN ('more_than', 'less_than')) AS bound
JOIN (SELECT * FROM query_table(source) WHERE qualifier = 'exact') AS exact USING (point, value)
WHERE exact.published >= bound.published AND NOT is_round(exact.value)
    AND exact.known_from < bound.known_until AND bound.known_from < exact.known_until;
