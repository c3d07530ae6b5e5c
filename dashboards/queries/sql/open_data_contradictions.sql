-- One row is one contradiction: figures of a situation that cannot all be true.
SELECT
    rank, situation, rule, array_to_string(rules, ';') AS rules,
    organisation, measure::VARCHAR AS measure, population, breakdown, period_start, as_of, published,
    array_to_string(list_transform("values", lambda each: coalesce(each::VARCHAR, '')), ';') AS "values",
    array_to_string(claims, ';') AS claims,
    people, severity, explanation AS explanation_en, explanation_es, explanation_pt, explanation_link
FROM contradictions
WHERE situation = $situation
ORDER BY rank;
