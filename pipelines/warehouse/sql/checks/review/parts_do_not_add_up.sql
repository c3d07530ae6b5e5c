-- One row is one whole whose parts, as the same organisation states them, do not make it up: the two halves of a
-- complete breakdown, or, of a group that one report follows whole, those who left and those still held against those
-- ever detained. (Not of everyone held: a stock that was there before has no place in that sum.)
CREATE MACRO rule_parts_do_not_add_up(source) AS TABLE
WITH complete(key, part) AS (
    VALUES
        ('sex', 'sex=female'), ('sex', 'sex=male'), ('service', 'service=civilian'), ('service', 'service=military'),
        ('age', 'age=adolescent'), ('age', 'age=adult'), ('sentenced', 'sentenced=no'), ('sentenced', 'sentenced=yes')
),
spelled AS (
    SELECT breakdown, unnest(string_split(breakdown, ';')) AS part
    FROM (SELECT DISTINCT breakdown FROM query_table(source) WHERE breakdown <> 'total')
),
halves AS (
    SELECT breakdown, key, part, without_part(breakdown, part) AS whole FROM spelled JOIN complete USING (part)
),
exact AS (
    SELECT
        *,
        hash(situation, organisation, measure, population, baseline, period_start, as_of) AS moment,
        hash(situation, organisation, population, breakdown, as_of, published) AS together
    FROM query_table(source) WHERE qualifier = 'exact' AND standing = 'stands' AND epoch = epoch_start
),
summed AS (
    SELECT
        moment, key, whole, sum(value)::BIGINT AS amount, max(published) AS published,
        [min_by(claim_id, part), max_by(claim_id, part)] AS claims
    FROM exact JOIN halves USING (breakdown)
    GROUP BY moment, key, whole
    HAVING count(*) = 2 AND min(part) <> max(part)
),
followed AS (
    SELECT * FROM exact WHERE breakdown <> 'total'
)
SELECT
    'parts_do_not_add_up' AS rule, exact.situation, exact.organisation, exact.measure, exact.population,
    CASE WHEN whole = 'total' THEN key ELSE concat(whole, ';', key) END AS breakdown, exact.period_start, exact.as_of,
    greatest(exact.published, summed.published) AS published,
    CASE WHEN exact.withheld THEN [NULL, NULL] ELSE [exact.value, summed.amount] END AS amounts,
    list_prepend(exact.claim_id, summed.claims) AS claims,
    abs(exact.value - summed.amount) AS people, greatest(exact.value, summed.amount) AS largest
FROM summed JOIN exact ON exact.moment = summed.moment AND exact.breakdown = summed.whole
WHERE exact.value <> summed.amount
UNION ALL BY NAME
SELECT
    'parts_do_not_add_up' AS rule, ever.situation, ever.organisation, ever.measure, ever.population, ever.breakdown,
    ever.period_start, ever.as_of, ever.published,
    CASE WHEN ever.withheld OR gone.withheld OR held.withheld THEN [NULL, NULL, NULL]
        ELSE [ever.value, gone.value, held.value] END AS amounts,
    [ever.claim_id, gone.claim_id, held.claim_id] AS claims,
    abs(ever.value - gone.value - held.value) AS people, ever.value AS largest
FROM followed AS ever
JOIN followed AS gone
    ON gone.together = ever.together AND gone.measure = 'released_to_date' AND gone.baseline = ever.baseline
JOIN followed AS held
    ON held.together = ever.together AND held.measure = 'in_custody' AND held.baseline IS NULL
WHERE ever.measure = 'detained_to_date' AND people > 0 AND people <= greatest(1, ever.value // 50);
