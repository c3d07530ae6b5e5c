-- One row is one organisation's totals of one measure, and how many days usually pass between its figures: as
-- organisations.toml states (`basis` is `stated`), else the median of the last twelve steps (`usual`).
CREATE MACRO rhythms_from(source) AS TABLE
WITH moments AS (
    SELECT
        situation, organisation, measure,
        as_of - lag(as_of) OVER own AS step,
        row_number() OVER (PARTITION BY situation, organisation, measure ORDER BY as_of DESC) AS recency
    FROM (
        SELECT DISTINCT situation, organisation, measure::VARCHAR AS measure, as_of
        FROM query_table(source)
        WHERE standing = 'stands' AND doubt IS NULL AND breakdown = 'total'
    )
    WINDOW own AS (PARTITION BY situation, organisation, measure ORDER BY as_of)
),
usual AS (
    SELECT situation, organisation, measure, median(step) AS days
    FROM moments
    WHERE recency <= 12
    GROUP BY situation, organisation, measure
)
SELECT
    situation, organisation, measure,
    coalesce(organisations.rhythm_days, usual.days)::DOUBLE AS rhythm_days,
    CASE WHEN organisations.rhythm_days IS NOT NULL THEN 'stated' WHEN usual.days IS NOT NULL THEN 'usual' END AS basis
FROM usual JOIN organisations USING (situation, organisation);

CREATE TABLE rhythms AS FROM rhythms_from('statements');
