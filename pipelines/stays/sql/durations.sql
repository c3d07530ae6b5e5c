-- One row is one length of stay in days, of those who entered by the cut: how many left after it, and how many have been
-- held so long at the cut.
SELECT
    (least(left_on, getvariable('cut')) - entered)::INTEGER AS days,
    count(*) FILTER (left_on <= getvariable('cut')) AS exits, count(*) AS stays
FROM stays
WHERE entered <= getvariable('cut')
GROUP BY days
ORDER BY days;
