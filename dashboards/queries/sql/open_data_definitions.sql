-- One row is what one organisation of a situation counts under one measure, and from when to when.
SELECT
    situation, organisation, measure::VARCHAR AS measure, population, unit, since, until,
    text_es, text_en, text_pt, break_reason_es, break_reason_en, break_reason_pt
FROM definitions
WHERE situation = $situation
ORDER BY organisation, measure, population, since NULLS FIRST;
