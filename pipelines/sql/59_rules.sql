-- One row is one contradiction, by the rule that found it: the values side by side, their claims in the same order,
-- and by how many people they miss each other. Each rule is a macro over points; withheld values are null.
CREATE MACRO rule_two_values_one_moment(source) AS TABLE
SELECT
    'two_values_one_moment' AS rule,
    any_value(situation) AS situation, any_value(organisation) AS organisation, any_value(measure) AS measure,
    any_value(population) AS population, any_value(breakdown) AS breakdown, any_value(as_of) AS as_of,
    list(CASE WHEN NOT withheld THEN value END ORDER BY value, claim_id) AS amounts,
    list(claim_id ORDER BY value, claim_id) AS claims,
    max(value) - min(value) AS people, max(value) AS largest
FROM query_table(source)
WHERE contradicted
GROUP BY point;

CREATE MACRO rule_cumulative_falls(source) AS TABLE
WITH running AS (
    SELECT
        *,
        max_by(claim_id, row(low, claim_id)) FILTER (low IS NOT NULL) OVER earlier AS before_claim,
        max(low) OVER earlier AS before_low
    FROM query_table(source)
    WHERE kind = 'cumulative' AND baseline IS NOT NULL AND standing = 'stands' AND epoch = epoch_start
    WINDOW earlier AS (
        PARTITION BY situation, organisation, measure, population, breakdown, baseline, epoch
        ORDER BY as_of RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT
    'cumulative_falls' AS rule, situation, organisation, measure, population, breakdown, as_of,
    CASE WHEN withheld THEN [NULL, NULL] ELSE [before_low, high] END AS amounts,
    [before_claim, claim_id] AS claims, before_low - high AS people, before_low AS largest
FROM running
WHERE high < before_low;

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
    SELECT *, hash(situation, organisation, measure, population, baseline, period_start, as_of) AS moment
    FROM query_table(source) WHERE qualifier = 'exact' AND standing = 'stands'
),
summed AS (
    SELECT
        moment, key, whole, sum(value)::BIGINT AS amount,
        [min_by(claim_id, part), max_by(claim_id, part)] AS claims
    FROM exact JOIN halves USING (breakdown)
    GROUP BY moment, key, whole
    HAVING count(*) = 2 AND min(part) <> max(part)
)
SELECT
    'parts_do_not_add_up' AS rule, exact.situation, exact.organisation, exact.measure, exact.population,
    CASE WHEN whole = 'total' THEN key ELSE concat(whole, ';', key) END AS breakdown, exact.as_of,
    CASE WHEN exact.withheld THEN [NULL, NULL] ELSE [exact.value, summed.amount] END AS amounts,
    list_prepend(exact.claim_id, summed.claims) AS claims,
    abs(exact.value - summed.amount) AS people, greatest(exact.value, summed.amount) AS largest
FROM summed JOIN exact ON exact.moment = summed.moment AND exact.breakdown = summed.whole
WHERE exact.value <> summed.amount;

-- Of a group that one report follows whole (not everyone held: a stock that was there before has no place in it),
-- those who left and those still held nearly make up those ever detained, and miss them.
CREATE MACRO rule_released_and_held_miss_detained(source) AS TABLE
WITH exact AS (
    SELECT *, hash(situation, organisation, population, breakdown, as_of, published) AS moment
    FROM query_table(source) WHERE qualifier = 'exact' AND standing = 'stands' AND breakdown <> 'total'
)
SELECT
    'parts_do_not_add_up' AS rule, ever.situation, ever.organisation, ever.measure, ever.population, ever.breakdown,
    ever.as_of,
    CASE WHEN ever.withheld OR gone.withheld OR held.withheld THEN [NULL, NULL, NULL]
        ELSE [ever.value, gone.value, held.value] END AS amounts,
    [ever.claim_id, gone.claim_id, held.claim_id] AS claims,
    abs(ever.value - gone.value - held.value) AS people, ever.value AS largest
FROM exact AS ever
JOIN exact AS gone ON gone.moment = ever.moment AND gone.measure = 'released_to_date' AND gone.baseline = ever.baseline
JOIN exact AS held ON held.moment = ever.moment AND held.measure = 'in_custody'
WHERE ever.measure = 'detained_to_date' AND people > 0 AND people <= greatest(1, ever.value // 50);

-- Releases since a day stay within the detentions since that day and the stock that was there.
CREATE MACRO rule_released_exceeds_ever_detained(source) AS TABLE
WITH standing AS (
    SELECT * FROM query_table(source) WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld
),
pairs AS (
    SELECT gone, ever
    FROM (SELECT * FROM standing WHERE measure = 'released_to_date') AS gone
    JOIN (SELECT * FROM standing WHERE measure = 'detained_to_date') AS ever
        ON ever.situation = gone.situation AND ever.organisation = gone.organisation
        AND ever.population = gone.population AND ever.baseline = gone.baseline AND ever.as_of = gone.as_of
    WHERE gone.low > ever.high AND gone.epoch = gone.epoch_start AND ever.epoch = ever.epoch_start
),
stocks AS (
    SELECT situation, organisation, population, as_of, max(high) AS high
    FROM standing WHERE measure = 'in_custody' GROUP BY ALL
),
opened AS (
    SELECT pairs.gone, pairs.ever, max(stocks.high) AS opening, count(stocks.as_of) AS near,
        (SELECT count(*) FROM stocks AS any_stock
            WHERE any_stock.situation = pairs.gone.situation AND any_stock.organisation = pairs.gone.organisation
            AND any_stock.population = pairs.gone.population) AS stated
    FROM pairs
    LEFT JOIN stocks
        ON stocks.situation = pairs.gone.situation AND stocks.organisation = pairs.gone.organisation
        AND stocks.population = pairs.gone.population
        AND stocks.as_of BETWEEN pairs.gone.baseline - 7 AND pairs.gone.baseline
    GROUP BY ALL
)
SELECT
    'released_exceeds_ever_detained' AS rule, gone.situation AS situation, gone.organisation AS organisation,
    gone.measure AS measure, gone.population AS population, gone.breakdown AS breakdown, gone.as_of AS as_of,
    [gone.low, ever.high] AS amounts, [gone.claim_id, ever.claim_id] AS claims,
    gone.low - ever.high - coalesce(opening, 0) AS people, gone.low AS largest
FROM opened
WHERE (near > 0 OR stated = 0) AND people > 0;

CREATE MACRO rule_bound_turned_into_point(source) AS TABLE
SELECT
    'bound_turned_into_point' AS rule, exact.situation, exact.organisation, exact.measure, exact.population,
    exact.breakdown, exact.as_of,
    CASE WHEN exact.withheld THEN [NULL, NULL] ELSE [bound.value, exact.value] END AS amounts,
    [bound.claim_id, exact.claim_id] AS claims, 1::BIGINT AS people, greatest(exact.value, 1) AS largest
FROM (SELECT * FROM query_table(source) WHERE qualifier IN ('more_than', 'less_than')) AS bound
JOIN (SELECT * FROM query_table(source) WHERE qualifier = 'exact') AS exact USING (point, value)
WHERE exact.published >= bound.published;

CREATE MACRO rule_as_of_after_published(source) AS TABLE
SELECT
    'as_of_after_published' AS rule, situation, organisation, measure, population, breakdown, as_of,
    CASE WHEN withheld THEN [NULL::BIGINT] ELSE [value] END AS amounts, [claim_id] AS claims,
    1::BIGINT AS people, greatest(value, 1) AS largest
FROM query_table(source)
WHERE as_of > published AND kind <> 'promise';

-- A stock that falls out of line with the same organisation's stocks before and after, and equals another of its
-- measures within three days: one figure told as another.
CREATE MACRO rule_value_equals_other_measure(source) AS TABLE
WITH standing AS (
    SELECT * FROM query_table(source)
    WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld
),
stocks AS (
    SELECT
        *,
        max(row(as_of, low, high)) FILTER (low IS NOT NULL) OVER earlier AS before,
        min(row(as_of, low, high)) FILTER (low IS NOT NULL) OVER later AS after
    FROM standing
    WHERE measure = 'in_custody'
    WINDOW
        earlier AS (PARTITION BY situation, organisation, population, epoch ORDER BY as_of
            RANGE BETWEEN INTERVAL 31 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        later AS (PARTITION BY situation, organisation, population, epoch ORDER BY as_of
            RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND INTERVAL 31 DAYS FOLLOWING)
),
odd AS (
    SELECT *
    FROM stocks
    WHERE qualifier = 'exact' AND value >= 20 AND (before IS NOT NULL OR after IS NOT NULL)
        AND (
            (coalesce(value < 0.8 * before[2], true) AND coalesce(value < 0.8 * after[2], true))
            OR (coalesce(value > 1.25 * before[3], before IS NULL) AND coalesce(value > 1.25 * after[3], after IS NULL))
        )
)
SELECT
    'value_equals_other_measure' AS rule, odd.situation, odd.organisation, odd.measure, odd.population, odd.breakdown,
    odd.as_of, [odd.value, other.value] AS amounts, [odd.claim_id, other.claim_id] AS claims,
    odd.value AS people, odd.value AS largest
FROM odd
JOIN standing AS other
    ON other.situation = odd.situation AND other.organisation = odd.organisation AND other.value = odd.value
WHERE other.measure IN ('released_to_date', 'under_measures', 'full_freedom_to_date', 'detained_to_date')
    AND other.qualifier = 'exact' AND abs(other.as_of - odd.as_of) <= 3
QUALIFY row_number() OVER (PARTITION BY odd.claim_id ORDER BY abs(other.as_of - odd.as_of), other.claim_id) = 1;

-- What is said to have happened in a window is more than the same organisation's cumulative grew around it.
CREATE MACRO rule_flow_exceeds_cumulative_change(source) AS TABLE
WITH standing AS (
    SELECT *, hash(situation, organisation, population, breakdown, replace(measure, '_to_date', '')) AS thing
    FROM query_table(source)
    WHERE standing = 'stands' AND measure IN ('released', 'released_to_date', 'detained', 'detained_to_date')
        AND epoch = epoch_start
),
flows AS (
    SELECT * FROM standing
    WHERE kind = 'flow' AND window_basis = 'stated' AND low IS NOT NULL
),
totals AS (
    SELECT
        thing, baseline, as_of, max(high) AS high, max_by(value, row(high, claim_id)) AS top, max_by(claim_id, row(high, claim_id)) AS top_claim,
        max(low) AS low, max_by(value, row(low, claim_id)) AS bottom, max_by(claim_id, row(low, claim_id)) AS bottom_claim
    FROM standing WHERE kind = 'cumulative' AND baseline IS NOT NULL AND low IS NOT NULL AND high IS NOT NULL
    GROUP BY ALL
),
lines AS (
    SELECT flows.*, starts.baseline AS line,
        CASE WHEN flows.as_of > flows.period_start THEN flows.period_start ELSE flows.period_start - 1 END AS opens
    FROM flows JOIN (SELECT DISTINCT thing, baseline FROM totals) AS starts USING (thing)
    WHERE starts.baseline <= flows.period_start
),
ended AS (
    SELECT lines.*, totals.high AS end_high, totals.top, totals.top_claim
    FROM lines ASOF JOIN totals
        ON totals.thing = lines.thing AND totals.baseline = lines.line AND lines.as_of <= totals.as_of
),
begun AS (
    SELECT ended.*, totals.low AS begin_low, totals.bottom, totals.bottom_claim
    FROM ended ASOF LEFT JOIN totals
        ON totals.thing = ended.thing AND totals.baseline = ended.line AND ended.opens >= totals.as_of
)
SELECT
    'flow_exceeds_cumulative_change' AS rule, situation, organisation, measure, population, breakdown, as_of,
    CASE WHEN withheld THEN [NULL] WHEN bottom IS NULL THEN [value, top] ELSE [value, bottom, top] END AS amounts,
    CASE WHEN bottom IS NULL THEN [claim_id, top_claim] ELSE [claim_id, bottom_claim, top_claim] END AS claims,
    low - (end_high - coalesce(begin_low, 0)) AS people, low AS largest
FROM begun
WHERE people > 0 AND (begin_low IS NOT NULL OR line <= period_start)
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY people DESC, line) = 1;

-- Applications told as releases: a release figure that repeats the number of applications of the same days through
-- another outlet, or a report that names the number beside words of release.
CREATE MACRO rule_applications_told_as_releases(source, carried) AS TABLE
WITH applied AS (
    SELECT * FROM query_table(source)
    WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
),
told AS (
    SELECT applied.*, other.claim_id AS other_claim, other.value AS other_value
    FROM applied
    JOIN (
        SELECT * FROM query_table(source)
        WHERE measure IN ('released', 'released_to_date', 'full_freedom_to_date', 'release_announced')
            AND breakdown = 'total'
    ) AS other ON other.situation = applied.situation AND other.value = applied.value
    JOIN (SELECT claim_id, publisher FROM query_table(carried)) AS here ON here.claim_id = applied.claim_id
    JOIN (SELECT claim_id, publisher FROM query_table(carried)) AS there ON there.claim_id = other.claim_id
    WHERE abs(other.as_of - applied.as_of) <= 3 AND here.publisher <> there.publisher
)
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, as_of,
    [value, other_value] AS amounts, [claim_id, other_claim] AS claims, value AS people, value AS largest
FROM told
UNION ALL
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, as_of,
    [value] AS amounts, [claim_id] AS claims, value AS people, value AS largest
FROM query_table(carried)
WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
    AND regexp_matches(replace(replace(lower(url), '.', ''), ',', ''), concat('[^0-9]', value, '[^0-9]'))
    AND regexp_matches(lower(url), 'set-for-release|released|freed|liberad|excarcelad|libres');
