-- One row is one mark of a portion, in the order of its series: days as numbers of days, null where they never end.
SELECT
    line, as_of - DATE '1970-01-01' AS moment, known_from - DATE '1970-01-01' AS known_from,
    CASE WHEN known_until < DATE 'infinity' THEN known_until - DATE '1970-01-01' END AS known_until,
    value, published - DATE '1970-01-01' AS published, supported
FROM marks JOIN mark_lines USING (series)
WHERE portion = getvariable('portion')
ORDER BY line, moment, known_from;
