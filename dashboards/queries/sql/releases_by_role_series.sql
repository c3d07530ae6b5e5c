-- One row is one organisation's figures of one stage and measure, totals alone: how many there are since a day, how many
-- in all.
SELECT
    stage, measure, organisation,
    count(*) AS figures, count(*) FILTER (as_of BETWEEN $since AND $until) AS recent
FROM releases_by_role
WHERE situation = $situation AND breakdown = 'total'
GROUP BY stage, measure, organisation
ORDER BY stage, measure, recent DESC, organisation;
