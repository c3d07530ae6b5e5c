-- One row is one count of one organisation that was ever given this number, by what is best supported of it: its
-- newest moment first. `carried` publications gave the number, up to `last_day`; `matches` counts the rows.
WITH hits AS (
    SELECT * FROM statements WHERE situation = $situation AND (value = $number OR value_high = $number)
),
chosen AS (
    SELECT
        *,
        sum(carriers) OVER same AS carried,
        min(as_of) OVER same AS first_day,
        max(as_of) OVER same AS last_day
    FROM hits
    WINDOW same AS (PARTITION BY organisation, measure, population, breakdown)
    QUALIFY row_number() OVER (
        PARTITION BY organisation, measure, population, breakdown
        ORDER BY standing <> 'stands', doubt IS NOT NULL, carriers DESC, as_of DESC, claim_id
    ) = 1
)
SELECT *, count(*) OVER () AS matches
FROM chosen
ORDER BY as_of DESC, breakdown <> 'total', organisation, measure, claim_id
LIMIT $limit;
