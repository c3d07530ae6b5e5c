-- One row is one contradiction that one of these claims is part of, with its explanation where a person gave one.
SELECT rule, explanation AS explanation_en, explanation_es, explanation_link
FROM contradictions
WHERE situation = $situation AND list_has_any(claims, $claims::VARCHAR[])
ORDER BY rank;
