-- One row is one population of one situation, in words.
CREATE VIEW population_words AS
SELECT
    situation, population,
    settings -> 'populations' -> population ->> 'es' AS words_es,
    settings -> 'populations' -> population ->> 'en' AS words_en
FROM (SELECT situation, settings, unnest(json_keys(settings, '$.populations')) AS population FROM situations);
