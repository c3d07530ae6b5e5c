-- One row is one organisation's totals of one measure, and how many days usually pass between its figures: as
-- organisations.toml states (`basis` is `stated`), else the median of the last twelve steps (`usual`). Fewer than four are no
-- rhythm (of three the median is one step alone), nor are those of a speaker whom nobody named, who may be several.
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
    SELECT
        situation, organisation, measure,
        CASE WHEN count(step) >= 4 AND NOT any_value(unnamed) THEN median(step) END AS days
    FROM moments JOIN organisations USING (situation, organisation)
    WHERE recency <= 12
    GROUP BY situation, organisation, measure
)
SELECT
    situation, organisation, measure,
    coalesce(organisations.rhythm_days, usual.days)::DOUBLE AS rhythm_days,
    CASE WHEN organisations.rhythm_days IS NOT NULL THEN 'stated' WHEN usual.days IS NOT NULL THEN 'usual' END AS basis
FROM usual JOIN organisations USING (situation, organisation);

CREATE TABLE rhythms AS FROM rhythms_from('statements');
