-- One row is one organisation's figures of one stage and measure, totals alone: how many there are since a day, how many
-- in all, as known on a day.
SELECT
    stage, measure, organisation,
    count(*) AS figures, count(*) FILTER (as_of BETWEEN $since AND $until) AS recent
FROM releases_by_role_as_known_on($known_on)
WHERE situation = $situation AND breakdown = 'total'
GROUP BY stage, measure, organisation
ORDER BY stage, measure, recent DESC, organisation;
