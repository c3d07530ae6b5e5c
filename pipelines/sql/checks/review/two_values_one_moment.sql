-- One row is one moment for which one organisation states values that cannot be true at once.
CREATE MACRO rule_two_values_one_moment(source) AS TABLE
SELECT
    'two_values_one_moment' AS rule,
    any_value(situation) AS situation, any_value(organisation) AS organisation, any_value(measure) AS measure,
    any_value(population) AS population, any_value(breakdown) AS breakdown,
    any_value(period_start) AS period_start, any_value(as_of) AS as_of, max(published) AS published,
    list(CASE WHEN NOT withheld THEN value END ORDER BY value, claim_id) AS amounts,
    list(claim_id ORDER BY value, claim_id) AS claims,
    max(value) - min(value) AS people, max(value) AS largest
FROM query_table(source)
WHERE contradicted
GROUP BY point;
