-- One row is one organisation's figures of one stage and measure: how many there are since a day, how many in all, as
-- known on a day. Totals alone; where nobody gives a total, parts.
WITH told AS (
    FROM releases_by_role_as_known_on($known_on) WHERE situation = $situation
)
SELECT
    stage, measure, organisation, breakdown = 'total' AS of_all,
    count(*) AS figures, count(*) FILTER (as_of BETWEEN $since AND $until) AS recent
FROM told
WHERE breakdown = 'total' OR NOT (SELECT bool_or(breakdown = 'total') FROM told)
GROUP BY stage, measure, organisation, of_all
ORDER BY stage, measure, recent DESC, organisation;
