-- One row is one statement to be judged by its neighbours, in the same numbers; `own` is the value of its own mark.
SELECT
    told, line, lone.as_of - DATE '1970-01-01' AS moment, lone.known_from - DATE '1970-01-01' AS known_from,
    CASE WHEN lone.known_until < DATE 'infinity' THEN lone.known_until - DATE '1970-01-01' END AS known_until,
    marks.value AS own
FROM lone_lives AS lone
JOIN mark_lines AS lines ON lines.series = lone.series
JOIN marks ON marks.point = lone.point AND marks.known_from = lone.known_from
WHERE portion = getvariable('portion')
ORDER BY line, moment, lone.known_from, told;
