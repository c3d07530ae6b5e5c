-- One row is what one organisation counts under one measure.
SELECT organisation, measure, population, since, until, text_es, text_en, text_pt
FROM definitions
WHERE situation = $situation
ORDER BY organisation, measure, since NULLS FIRST;
