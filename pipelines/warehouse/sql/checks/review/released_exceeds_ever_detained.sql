-- One row is one total of releases since a day above the detentions since that day and the stock that was there.
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
    SELECT situation, organisation, population, as_of, max(high) AS high, min(published) AS published
    FROM standing WHERE measure = 'in_custody' AND baseline IS NULL GROUP BY ALL
),
opened AS (
    SELECT pairs.gone, pairs.ever, max(stocks.high) AS opening, min(stocks.published) AS opened_on, count(stocks.as_of) AS near,
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
    gone.measure AS measure, gone.population AS population, gone.breakdown AS breakdown, gone.period_start AS period_start, gone.as_of AS as_of,
    greatest(gone.published, ever.published, opened_on) AS published,
    [gone.low, ever.high] AS amounts, [gone.claim_id, ever.claim_id] AS claims,
    gone.low - ever.high - coalesce(opening, 0) AS people, gone.low AS largest
FROM opened
WHERE (near > 0 OR stated = 0) AND people > 0;
