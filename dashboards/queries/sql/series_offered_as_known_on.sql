-- One row is one series of totals as known on a day: how many points it has and when the first and the last are.
WITH own AS MATERIALIZED ( -- where a total's window opens is told by totals
    FROM claims_as_known_on($known_on) WHERE situation = $situation AND breakdown = 'total'
),
placed AS MATERIALIZED (
    FROM placed_from('own')
)
SELECT
    organisation, measure, kind, population, baseline,
    count(*) AS points, min(as_of) AS first, max(as_of) AS last
FROM statements_from('placed', $known_on)
WHERE standing = 'stands' AND doubt IS NULL
GROUP BY organisation, measure, kind, population, baseline
ORDER BY organisation, measure, population, baseline NULLS LAST;
