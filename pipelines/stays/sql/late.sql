-- One row: who was held on the day of the last bulletin, as the list says today; of the entries up to then, those that
-- came into the list later, where it says when (else null); and the exits of any kind after it, up to the cut.
SELECT
    count(*) FILTER (entered <= since AND (out_day IS NULL OR out_day > since)) AS held,
    CASE WHEN count(recorded) > 0 THEN count(*) FILTER (entered <= since AND recorded > since) END AS recorded_later,
    count(*) FILTER (left_on > since AND left_on <= getvariable('cut')) AS exits
FROM stays CROSS JOIN (SELECT getvariable('since') AS since);
