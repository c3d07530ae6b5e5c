-- Nobody is released who was not detained: releases since a baseline stay below detentions since the same or an earlier one.
WITH released AS (
    SELECT * FROM series WHERE measure = 'released_to_date' AND breakdown = 'total' AND baseline IS NOT NULL
),
detained AS (
    SELECT * FROM series WHERE measure = 'detained_to_date' AND breakdown = 'total' AND baseline IS NOT NULL
)
SELECT
    released.situation, released.organisation, released.measure, released.population, released.breakdown,
    released.as_of,
    [released.low, detained.high] AS amounts, [released.claim_id, detained.claim_id] AS claims,
    released.low - detained.high AS severity
FROM released
JOIN detained
    ON detained.situation = released.situation AND detained.organisation = released.organisation
    AND detained.population = released.population
    AND detained.baseline = released.baseline AND detained.as_of = released.as_of
WHERE released.low > detained.high;
