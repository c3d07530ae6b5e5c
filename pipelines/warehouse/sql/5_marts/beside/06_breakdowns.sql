-- One row is one part of a figure with the total it belongs to: same organisation, measure, moment and window, and where
-- nobody named the speaker, who may be two, the same report.
-- What is more than its total is no part of it, and has no share. `stated` is false where a bulletin gave its total
-- and not this key, although it did before and after: a gap.
-- A cell below the situation's threshold that concerns children, health or a facility has no value (`suppressed`,
-- `suppression` = `small`: fewer than the threshold); one that would give it away has none either (`complementary`).
CREATE MACRO breakdowns_from(source) AS TABLE
WITH cells AS (
    SELECT
        *,
        key_of(breakdown) AS key,
        CASE WHEN unnamed THEN struct_pack(publisher := publisher, published := published) END AS report,
        hash(situation, organisation, measure, population, baseline, period_start, as_of, report) AS moment,
        hash(situation, organisation, measure, population, report) AS own
    FROM query_table(source)
    WHERE standing = 'stands' AND doubt IS NULL
),
totals AS (
    SELECT * FROM cells WHERE breakdown = 'total'
    QUALIFY row_number() OVER (PARTITION BY moment ORDER BY qualifier <> 'exact', published DESC, claim_id) = 1
),
keys AS (
    SELECT own, key, min(as_of) AS first, max(as_of) AS last FROM cells WHERE breakdown <> 'total' GROUP BY own, key
),
used AS (
    SELECT own, key, breakdown FROM cells WHERE breakdown <> 'total' AND kind = 'stock' GROUP BY ALL HAVING count(*) > 1
),
silent AS (
    SELECT totals.*, keys.key AS silent_key
    FROM (SELECT * FROM totals WHERE kind = 'stock') AS totals
    JOIN keys ON keys.own = totals.own AND totals.as_of > keys.first AND totals.as_of < keys.last
    ANTI JOIN (SELECT moment, key FROM cells) AS said
        ON said.moment = totals.moment AND said.key = keys.key
)
SELECT
    cells.situation, cells.organisation, cells.measure, cells.population, cells.key, cells.breakdown,
    cells.period_start, cells.as_of, true AS stated,
    CASE WHEN NOT cells.withheld THEN cells.qualifier END AS qualifier,
    CASE WHEN NOT cells.withheld THEN cells.value END AS value,
    CASE WHEN NOT cells.withheld THEN cells.value_high END AS value_high,
    CASE WHEN NOT cells.withheld THEN cells.low END AS low,
    CASE WHEN NOT cells.withheld THEN cells.high END AS high,
    cells.withheld AS suppressed,
    CASE WHEN cells.is_small THEN 'small' WHEN cells.withheld THEN 'complementary' END AS suppression,
    CASE WHEN cells.is_small THEN (situations.settings ->> 'small_cell')::INTEGER END AS fewer_than,
    totals.qualifier AS total_qualifier, totals.value AS total,
    CASE WHEN NOT cells.withheld AND cells.epoch = cells.epoch_start AND cells.low <= totals.high
        THEN cells.low / nullif(totals.high, 0) END AS share_low,
    CASE WHEN NOT cells.withheld AND cells.epoch = cells.epoch_start AND coalesce(cells.low <= totals.high, true)
        THEN least(cells.high / nullif(totals.low, 0), 1.0) END AS share_high,
    cells.published, cells.claim_id AS claim, totals.claim_id AS total_claim
FROM cells
JOIN situations USING (situation)
LEFT JOIN totals USING (moment)
WHERE cells.breakdown <> 'total'
UNION ALL BY NAME
SELECT
    silent.situation, silent.organisation, silent.measure, silent.population, used.key, used.breakdown,
    silent.period_start, silent.as_of, false AS stated, false AS suppressed,
    silent.qualifier AS total_qualifier, silent.value AS total, silent.published, silent.claim_id AS total_claim
FROM silent JOIN used ON used.own = silent.own AND used.key = silent.silent_key;

CREATE MACRO breakdowns_as_known_on(known_on, within := NULL) AS TABLE
WITH known_points AS NOT MATERIALIZED (
    FROM points_as_known_on(known_on, within := within)
)
FROM breakdowns_from('known_points');

CREATE TABLE breakdowns AS FROM breakdowns_from('points');
