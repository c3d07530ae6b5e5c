-- One row is one organisation that has published: its newest moment, and whether it is silent for longer than usual.
-- It is where its newest figure under each measure is stale; `rhythm_days` is of the one that stays current longest.
WITH newest AS (
    SELECT organisation, measure, max(as_of) AS as_of
    FROM statements
    WHERE situation = $situation AND standing = 'stands' AND doubt IS NULL AND as_of IS NOT NULL
    GROUP BY organisation, measure
)
SELECT
    organisation, max(newest.as_of) OVER (PARTITION BY organisation) AS newest, rhythm_days,
    is_stale(newest.as_of, $today, rhythm_days) AS late
FROM newest
LEFT JOIN (FROM rhythms WHERE situation = $situation) AS rhythms USING (organisation, measure)
QUALIFY row_number() OVER (
    PARTITION BY organisation ORDER BY newest.as_of + stale_after(rhythm_days)::INTEGER DESC, newest.as_of DESC, measure
) = 1
ORDER BY newest, organisation;
