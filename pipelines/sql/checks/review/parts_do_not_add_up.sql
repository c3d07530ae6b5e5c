-- The parts of a complete breakdown (women and men, civilians and military …) add up to the stated total.
WITH complete(key, parts) AS (
    VALUES
        ('sex', ['sex=female', 'sex=male']),
        ('service', ['service=civilian', 'service=military']),
        ('age', ['age=adolescent', 'age=adult']),
        ('sentenced', ['sentenced=no', 'sentenced=yes'])
),
halves AS (
    SELECT key, unnest(parts) AS breakdown FROM complete
),
exact AS (
    SELECT *, hash(situation, organisation, measure, population, baseline, period_start, as_of) AS moment
    FROM statements_stored WHERE qualifier = 'exact' AND standing = 'stands'
),
summed AS (
    SELECT
        moment, key, sum(value)::BIGINT AS amount,
        [min_by(claim_id, breakdown), max_by(claim_id, breakdown)] AS claims
    FROM exact JOIN halves USING (breakdown)
    GROUP BY moment, key
    HAVING count(*) = 2 AND min(breakdown) <> max(breakdown)
)
SELECT
    whole.situation, whole.organisation, whole.measure::VARCHAR AS measure, whole.population,
    summed.key AS breakdown, whole.as_of,
    [whole.value, summed.amount] AS amounts, list_prepend(whole.claim_id, summed.claims) AS claims,
    abs(whole.value - summed.amount) AS severity
FROM summed JOIN exact AS whole USING (moment)
WHERE whole.breakdown = 'total' AND whole.value <> summed.amount;
