-- One row is one total of releases since a day above the detentions since that day and the stock that was there.
CREATE MACRO rule_released_exceeds_ever_detained(source) AS TABLE
WITH standing AS (
    SELECT *, hash(situation, organisation, population) AS own
    FROM query_table(source) WHERE standing = 'stands' AND breakdown = 'total' AND NOT withheld
),
pairs AS MATERIALIZED (
    SELECT
        row_number() OVER () AS key, gone, ever,
        greatest(gone.known_from, ever.known_from) AS known_from, least(gone.known_until, ever.known_until) AS known_until
    FROM (SELECT * FROM standing WHERE measure = 'released_to_date') AS gone
    JOIN (SELECT * FROM standing WHERE measure = 'detained_to_date') AS ever
        ON ever.own = gone.own AND ever.baseline = gone.baseline AND ever.as_of = gone.as_of
    WHERE gone.low > ever.high AND gone.epoch = gone.epoch_start AND ever.epoch = ever.epoch_start
        AND gone.known_from < ever.known_until AND ever.known_from < gone.known_until
),
stocks AS MATERIALIZED (
    SELECT own, as_of, high, published, known_from, known_until
    FROM standing WHERE measure = 'in_custody' AND baseline IS NULL
),
reached AS (
    SELECT *, max(known_until) OVER (
        PARTITION BY own ORDER BY known_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached
    FROM stocks
),
counted AS ( -- spans through which any stock was stated
    SELECT own, min(known_from) AS known_from, max(known_until) AS known_until
    FROM (
        SELECT *, count_if(coalesce(known_from > reached, true)) OVER (PARTITION BY own ORDER BY known_from) AS run
        FROM reached
    )
    GROUP BY own, run
),
members AS (
    SELECT key, true AS opposed, false AS near, NULL AS high, NULL AS published, known_from, known_until FROM pairs
    UNION ALL
    SELECT
        key, false, near, high, published,
        greatest(pairs.known_from, beside.known_from), least(pairs.known_until, beside.known_until)
    FROM pairs
    JOIN (
        SELECT own, as_of, true AS near, high, published, known_from, known_until FROM stocks
        UNION ALL
        SELECT own, NULL, false, NULL, NULL, known_from, known_until FROM counted
    ) AS beside ON beside.own = pairs.gone.own
    WHERE coalesce(beside.as_of BETWEEN pairs.gone.baseline - 7 AND pairs.gone.baseline, true)
        AND beside.known_from < pairs.known_until AND pairs.known_from < beside.known_until
),
opened AS (
    SELECT
        key, known_from, any_value(known_until) AS known_until,
        max(high) AS opening, min(published) AS opened_on, bool_or(near) AS near, bool_and(opposed) AS unstated
    FROM sliced('members')
    GROUP BY key, known_from
)
SELECT
    'released_exceeds_ever_detained' AS rule, gone.situation AS situation, gone.organisation AS organisation,
    gone.measure AS measure, gone.population AS population, gone.breakdown AS breakdown, gone.period_start AS period_start, gone.as_of AS as_of,
    greatest(gone.published, ever.published, opened_on) AS published,
    [gone.low, ever.high] AS amounts, [gone.claim_id, ever.claim_id] AS claims,
    gone.low - ever.high - coalesce(opening, 0) AS people, gone.low AS largest, opened.known_from, opened.known_until
FROM opened JOIN pairs USING (key)
WHERE (near OR unstated) AND people > 0;
