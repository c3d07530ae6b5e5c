-- One row is one publisher of a situation's figures, by its name for readers: its own where none is given.
SELECT
    claims.publisher,
    coalesce(any_value(publishers.name_es), claims.publisher) AS name_es,
    coalesce(any_value(publishers.name_en), claims.publisher) AS name_en,
    coalesce(any_value(publishers.name_pt), claims.publisher) AS name_pt
FROM claims_stored AS claims
LEFT JOIN publishers USING (situation, publisher)
WHERE claims.situation = $situation
GROUP BY claims.publisher
ORDER BY claims.publisher;
