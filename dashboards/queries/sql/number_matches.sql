-- One row is one count of one organisation, from one start, that was ever given this number, by what is best supported: its
-- newest moment first, of one moment what most publications gave. `carried` publications gave the number, up to
-- `last_day`; `matches` counts the rows.
WITH found AS MATERIALIZED ( -- by two columns alone, and chosen by a few: the others are read of what is shown
    SELECT rowid AS stored_row FROM statements_stored WHERE value = $number
    UNION
    SELECT rowid FROM statements_stored WHERE value_high = $number
),
chosen AS (
    SELECT
        stored_row, organisation, measure, breakdown, as_of, claim_id,
        sum(carriers) OVER same AS carried,
        min(as_of) OVER same AS first_day,
        max(as_of) OVER same AS last_day
    FROM statements_stored AS stored JOIN found ON found.stored_row = stored.rowid
    WHERE situation = $situation
    WINDOW same AS (PARTITION BY organisation, measure, population, breakdown, baseline, period_start)
    QUALIFY row_number() OVER (
        PARTITION BY organisation, measure, population, breakdown, baseline, period_start
        ORDER BY standing <> 'stands', doubt IS NOT NULL, carriers DESC, as_of DESC, claim_id
    ) = 1
),
page AS MATERIALIZED (
    SELECT stored_row, carried, first_day, last_day, count(*) OVER () AS matches
    FROM chosen
    ORDER BY as_of DESC, breakdown <> 'total', carried DESC, organisation, measure::VARCHAR, claim_id
    LIMIT $limit
),
shown AS NOT MATERIALIZED (
    SELECT stored.*, page.* EXCLUDE (stored_row)
    FROM statements_stored AS stored JOIN page ON page.stored_row = stored.rowid
)
FROM statements_read_from('shown')
ORDER BY as_of DESC, breakdown <> 'total', carried DESC, organisation, measure, claim_id;
