-- One row is one whole whose parts, as the same organisation states them, do not make it up: the two halves of a
-- complete breakdown, or, of a group that one report follows whole, those who left and those still held against those
-- ever detained. (Not of everyone held: a stock that was there before has no place in that sum.) Or one part alone,
-- of who people are, is more than its whole, unless a report of the next days gives the part of a running count: the day
-- went on.
CREATE MACRO rule_parts_do_not_add_up(source) AS TABLE
WITH complete(name, part) AS (
    VALUES
        ('sex', 'sex=female'), ('sex', 'sex=male'), ('service', 'service=civilian'), ('service', 'service=military'),
        ('age', 'age=adolescent'), ('age', 'age=adult'), ('sentenced', 'sentenced=no'), ('sentenced', 'sentenced=yes')
),
spelled AS MATERIALIZED (
    SELECT breakdown, unnest(string_split(breakdown, ';')) AS part
    FROM (SELECT DISTINCT breakdown FROM query_table(source) WHERE breakdown <> 'total')
),
halves AS (
    SELECT breakdown, name, part, without_part(breakdown, part) AS whole FROM spelled JOIN complete USING (part)
),
placed AS MATERIALIZED (
    SELECT
        span, breakdown, kind, qualifier, value, low, high, published, claim_id, withheld, known_from, known_until,
        hash(situation, organisation, measure, population, baseline, period_start, as_of) AS moment
    FROM query_table(source) WHERE standing = 'stands' AND epoch = epoch_start
),
nested AS ( -- who people are; a total may leave out, as a report counts, those not verified or who left in another way
    SELECT breakdown, unnest([without_part(breakdown, part), 'total']) AS whole FROM spelled
    WHERE NOT regexp_matches(breakdown, '(^|;)(basis|case|channel|mechanism|prior_status|reason|status)=')
),
exact AS (
    FROM placed WHERE qualifier = 'exact'
),
parts AS (
    SELECT moment, value, published, claim_id, known_from, known_until, name, part, whole, hash(moment, name, whole) AS key
    FROM exact JOIN halves USING (breakdown)
),
paired AS ( -- of both halves something was stated, and of the whole
    SELECT key FROM parts
    SEMI JOIN exact ON exact.moment = parts.moment AND exact.breakdown = parts.whole
    GROUP BY key HAVING min(part) <> max(part)
),
known_parts AS (
    FROM parts SEMI JOIN paired USING (key)
),
summed AS (
    SELECT
        any_value(moment) AS moment, any_value(name) AS name, any_value(whole) AS whole,
        sum(value)::BIGINT AS amount, max(published) AS published,
        [min_by(claim_id, part), max_by(claim_id, part)] AS claims, known_from, any_value(known_until) AS known_until
    FROM sliced('known_parts')
    GROUP BY key, known_from
    HAVING count(*) = 2 AND min(part) <> max(part)
),
differing AS (
    SELECT
        exact.span, summed.* EXCLUDE (known_from, known_until),
        greatest(exact.known_from, summed.known_from) AS since, least(exact.known_until, summed.known_until) AS until
    FROM summed JOIN exact ON exact.moment = summed.moment AND exact.breakdown = summed.whole
    WHERE exact.value <> summed.amount AND since < until
),
above AS (
    SELECT
        whole.span, part.value AS amount, part.claim_id AS claim, part.published,
        part.low - whole.high AS people, part.low AS largest,
        greatest(whole.known_from, part.known_from) AS since, least(whole.known_until, part.known_until) AS until
    FROM (SELECT DISTINCT * FROM nested) AS nested
    JOIN placed AS part ON part.breakdown = nested.breakdown
    JOIN placed AS whole ON whole.moment = part.moment AND whole.breakdown = nested.whole
    WHERE part.low > whole.high AND since < until AND NOT part.withheld AND NOT whole.withheld
        AND NOT (
            whole.kind IN ('cumulative', 'flow')
            AND part.published > whole.published AND part.published <= whole.published + update_days()
        )
),
followed AS (
    SELECT *, hash(situation, organisation, population, breakdown, as_of, published) AS together
    FROM query_table(source)
    WHERE qualifier = 'exact' AND standing = 'stands' AND epoch = epoch_start AND breakdown <> 'total'
        AND measure IN ('detained_to_date', 'released_to_date', 'in_custody')
)
SELECT
    'parts_do_not_add_up' AS rule, stated.situation, stated.organisation, stated.measure, stated.population,
    CASE WHEN whole = 'total' THEN differing.name ELSE concat(whole, ';', differing.name) END AS breakdown,
    stated.period_start, stated.as_of, greatest(stated.published, differing.published) AS published,
    CASE WHEN stated.withheld THEN [NULL, NULL] ELSE [stated.value, amount] END AS amounts,
    list_prepend(stated.claim_id, claims) AS claims,
    abs(stated.value - amount) AS people, greatest(stated.value, amount) AS largest, since AS known_from,
    until AS known_until
FROM differing JOIN query_table(source) AS stated USING (span)
UNION ALL BY NAME
SELECT
    'parts_do_not_add_up' AS rule, stated.situation, stated.organisation, stated.measure, stated.population,
    stated.breakdown, stated.period_start, stated.as_of, greatest(stated.published, above.published) AS published,
    [stated.value, amount] AS amounts, [stated.claim_id, claim] AS claims, people, largest, since AS known_from,
    until AS known_until
FROM above JOIN query_table(source) AS stated USING (span)
UNION ALL BY NAME
SELECT
    'parts_do_not_add_up' AS rule, ever.situation, ever.organisation, ever.measure, ever.population, ever.breakdown,
    ever.period_start, ever.as_of, ever.published,
    CASE WHEN ever.withheld OR gone.withheld OR held.withheld THEN [NULL, NULL, NULL]
        ELSE [ever.value, gone.value, held.value] END AS amounts,
    [ever.claim_id, gone.claim_id, held.claim_id] AS claims,
    abs(ever.value - gone.value - held.value) AS people, ever.value AS largest,
    greatest(ever.known_from, gone.known_from, held.known_from) AS known_from,
    least(ever.known_until, gone.known_until, held.known_until) AS known_until
FROM followed AS ever
JOIN followed AS gone
    ON gone.together = ever.together AND gone.measure = 'released_to_date' AND gone.baseline = ever.baseline
JOIN followed AS held
    ON held.together = ever.together AND held.measure = 'in_custody' AND held.baseline IS NULL
WHERE ever.measure = 'detained_to_date' AND people > 0 AND people <= greatest(1, ever.value // 50)
    AND greatest(ever.known_from, gone.known_from, held.known_from)
        < least(ever.known_until, gone.known_until, held.known_until);
