-- One organisation states one value for one moment.
SELECT
    any_value(situation) AS situation, any_value(organisation) AS organisation, any_value(measure) AS measure,
    any_value(population) AS population, any_value(breakdown) AS breakdown, any_value(as_of) AS as_of,
    list(value ORDER BY value, claim_id) AS amounts, list(claim_id ORDER BY value, claim_id) AS claims,
    max(value) - min(value) AS severity
FROM statements
WHERE contradicted
GROUP BY point;
