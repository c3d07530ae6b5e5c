-- The parts of a complete breakdown (women and men, civilians and military …) add up to the stated total.
WITH complete(key, parts) AS (
    VALUES
        ('sex', ['sex=female', 'sex=male']),
        ('service', ['service=civilian', 'service=military']),
        ('age', ['age=adolescent', 'age=adult']),
        ('sentenced', ['sentenced=no', 'sentenced=yes'])
),
exact AS (
    SELECT * FROM series WHERE qualifier = 'exact'
),
summed AS (
    SELECT
        situation, organisation, measure, population, baseline, period_start, as_of, key,
        sum(value)::BIGINT AS amount, list(claim_id ORDER BY breakdown) AS claims, max(published) AS published
    FROM exact JOIN complete ON list_contains(complete.parts, exact.breakdown)
    GROUP BY ALL
    HAVING count(DISTINCT breakdown) = 2 AND count(*) = 2
)
SELECT
    summed.situation, summed.organisation, summed.measure, summed.population, summed.key AS breakdown, summed.as_of,
    [whole.value, summed.amount] AS amounts, list_prepend(whole.claim_id, summed.claims) AS claims,
    abs(whole.value - summed.amount) AS severity
FROM summed
JOIN exact AS whole
    ON whole.situation = summed.situation AND whole.organisation = summed.organisation
    AND whole.measure = summed.measure AND whole.population = summed.population
    AND whole.as_of = summed.as_of AND whole.breakdown = 'total'
    AND whole.baseline IS NOT DISTINCT FROM summed.baseline
    AND whole.period_start IS NOT DISTINCT FROM summed.period_start
WHERE whole.value <> summed.amount;
