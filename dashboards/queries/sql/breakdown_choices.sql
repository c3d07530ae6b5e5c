-- One row is one way in which an organisation divides one measure, those with most figures first, as known on a day.
WITH parts AS (
    SELECT organisation, measure, breakdown, count(*) AS figures
    FROM statements_kept_as_known_on($known_on)
    WHERE situation = $situation AND breakdown <> 'total' AND standing = 'stands' AND doubt IS NULL
    GROUP BY organisation, measure, breakdown
)
SELECT organisation, measure::VARCHAR AS measure, key_of(breakdown) AS key, sum(figures)::BIGINT AS figures
FROM parts
GROUP BY organisation, parts.measure, key
ORDER BY figures DESC, organisation, measure, key;
