-- One row is one of the published numbers nearest to this one, by the newest figure that says it.
WITH nearest AS MATERIALIZED (
    SELECT DISTINCT value
    FROM statements
    WHERE situation = $situation AND value <> $number
    ORDER BY abs(value - $number), value DESC
    LIMIT $limit
)
SELECT *
FROM statements SEMI JOIN nearest USING (value)
WHERE situation = $situation
QUALIFY row_number() OVER (PARTITION BY value ORDER BY breakdown <> 'total', standing <> 'stands', as_of DESC, claim_id) = 1
ORDER BY abs(value - $number), value DESC;
