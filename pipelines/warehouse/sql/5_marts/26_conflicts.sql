-- One row is one thing that does not add up: a contradiction, or a figure in doubt that is part of none with the figures
-- before and after it. `people` is how many are in question; `state` is open, in_doubt or explained; `conflict` is its key.
-- `counts` are those of each rule and state, `unsized` the figures in doubt for their day alone. `contradicted` and
-- `stated` hold the contradictions and statements of one situation.
CREATE MACRO conflicts_from(contradicted, stated) AS TABLE
WITH doubted AS (
    SELECT
        *, coalesce(baseline, DATE '0001-01-01') AS start,
        CASE doubt WHEN 'equals_other_count' THEN 'value_equals_other_measure' ELSE doubt END AS rule
    FROM query_table(stated)
    WHERE doubt IS NOT NULL AND value IS NOT NULL
        AND claim_id NOT IN (SELECT unnest(claims) FROM query_table(contradicted))
),
fits AS (
    SELECT organisation, measure, population, breakdown, start, as_of, value, claim_id
    FROM (SELECT *, coalesce(baseline, DATE '0001-01-01') AS start FROM query_table(stated))
    SEMI JOIN doubted USING (organisation, measure, population, breakdown, start)
    WHERE standing = 'stands' AND doubt IS NULL AND qualifier = 'exact' AND value IS NOT NULL
),
after AS (
    SELECT doubted.*, fits.value AS after_value, fits.claim_id AS after_claim
    FROM doubted ASOF LEFT JOIN fits
        ON fits.organisation = doubted.organisation AND fits.measure = doubted.measure
        AND fits.population = doubted.population AND fits.breakdown = doubted.breakdown
        AND fits.start = doubted.start AND doubted.as_of <= fits.as_of
),
around AS (
    SELECT after.*, fits.value AS before_value, fits.claim_id AS before_claim
    FROM after ASOF LEFT JOIN fits
        ON fits.organisation = after.organisation AND fits.measure = after.measure
        AND fits.population = after.population AND fits.breakdown = after.breakdown
        AND fits.start = after.start AND after.as_of >= fits.as_of
),
lone AS (
    SELECT
        *,
        CASE kind
            WHEN 'cumulative' THEN greatest(before_value - value, value - after_value)
            ELSE least(abs(before_value - value), abs(after_value - value))
        END AS distance,
        doubt IN ('out_of_line', 'cumulative_falls', 'equals_other_count') AS sized
    FROM around
),
doubtful AS (
    SELECT rank
    FROM (SELECT rank, unnest(claims) AS claim_id FROM query_table(contradicted))
    SEMI JOIN (FROM query_table(stated) WHERE doubt IS NOT NULL) USING (claim_id)
),
found AS (
    SELECT
        rule, rules, organisation, measure, population, breakdown, period_start, as_of, values, claims, people,
        explanation, explanation_es, explanation_link,
        CASE
            WHEN explanation_es IS NOT NULL THEN 'explained'
            WHEN rank IN (SELECT rank FROM doubtful) THEN 'in_doubt'
            ELSE 'open'
        END AS state, false AS lone
    FROM query_table(contradicted)
    UNION ALL BY NAME
    SELECT
        rule, [rule] AS rules, organisation, measure, population, breakdown, period_start, as_of,
        list_filter([value, before_value, CASE WHEN before_claim IS DISTINCT FROM after_claim THEN after_value END],
            lambda each: each IS NOT NULL) AS values,
        list_filter([claim_id, before_claim, CASE WHEN before_claim IS DISTINCT FROM after_claim THEN after_claim END],
            lambda each: each IS NOT NULL) AS claims,
        distance AS people, 'in_doubt' AS state, true AS lone
    FROM lone
    WHERE distance > 0 AND sized
)
SELECT
    *,
    md5(concat_ws('/', rule, CASE WHEN lone THEN claims[1] ELSE array_to_string(list_sort(claims), ',') END))[:12]
        AS conflict,
    (SELECT count(*) FROM lone WHERE NOT coalesce(distance > 0 AND sized, false)) AS unsized,
    (
        SELECT list(struct_pack(rule := rule, state := state, number := number) ORDER BY number DESC, rule, state)
        FROM (SELECT rule, state, count(*) AS number FROM found GROUP BY ALL)
    ) AS counts
FROM found;
