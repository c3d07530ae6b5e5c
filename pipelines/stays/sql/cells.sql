-- One row is one cell of the bulletins that `moments` asks for (`starts`, `day`): who is held at a day, who entered and
-- was released after `starts`, released and died since the baseline. A part that nobody is in is nothing that is said,
-- but for halves, groups of age and the totals.
WITH parts AS (
    SELECT 'total' AS key, '' AS part
    UNION SELECT DISTINCT key, part FROM codes WHERE stated AND key IN ('sex', 'service', 'sentenced')
    UNION SELECT 'age', part FROM ages
    UNION SELECT DISTINCT key, part FROM changes WHERE part NOT IN ('', '?') AND key <> 'total'
),
daily AS (
    SELECT counted, key, part, day, sum(people) AS people
    FROM changes
    WHERE key = 'total' OR part NOT IN ('', '?')
    GROUP BY ALL
),
running AS (
    SELECT *, sum(people) OVER line AS so_far,
        sum(CASE WHEN day >= getvariable('baseline') THEN people ELSE 0 END) OVER line AS since_baseline
    FROM daily
    WINDOW line AS (PARTITION BY counted, key, part ORDER BY day)
),
asked AS (
    SELECT
        counted, parts.key, parts.part, starts, moments.day,
        (counted = 'held' AND parts.key <> 'mechanism')
        OR (counted = 'released' AND parts.key <> 'facility')
        OR (counted = 'detained' AND parts.key NOT IN ('facility', 'mechanism'))
        OR (counted = 'died' AND parts.key = 'total') AS wanted
    FROM moments
    CROSS JOIN parts
    CROSS JOIN (SELECT unnest(['held', 'detained', 'released', 'died']) AS counted)
    WHERE wanted AND list_contains(getvariable('told'), counted)
),
ends AS (
    SELECT asked.*, coalesce(running.so_far, 0) AS so_far, coalesce(running.since_baseline, 0) AS since_baseline
    FROM asked ASOF LEFT JOIN running
        ON running.counted = asked.counted AND running.key = asked.key AND running.part = asked.part
        AND running.day <= asked.day
),
cells AS (
    SELECT ends.*, ends.so_far - coalesce(running.so_far, 0) AS in_window
    FROM ends ASOF LEFT JOIN running
        ON running.counted = ends.counted AND running.key = ends.key AND running.part = ends.part
        AND running.day <= ends.starts
),
told AS (
    SELECT 'in_custody' AS measure, key, part, NULL::DATE AS period_start, day AS as_of, so_far AS value
    FROM cells WHERE counted = 'held'
    UNION ALL
    SELECT counted, key, part, starts + 1, day, in_window -- the first day that it counts
    FROM cells WHERE counted IN ('detained', 'released') AND starts IS NOT NULL
    UNION ALL
    SELECT 'released_to_date', key, part, getvariable('baseline')::DATE, day, since_baseline
    FROM cells WHERE counted = 'released' AND day >= getvariable('baseline')
    UNION ALL
    SELECT 'deaths_in_custody_to_date', key, part, getvariable('baseline')::DATE, day, since_baseline
    FROM cells WHERE counted = 'died' AND day >= getvariable('baseline')
)
SELECT
    measure, CASE WHEN key = 'total' THEN 'total' ELSE key || '=' || part END AS breakdown,
    period_start, as_of, value::BIGINT AS value
FROM told
WHERE value > 0 OR key IN ('total', 'sex', 'service', 'sentenced', 'age')
ORDER BY as_of, list_position(['in_custody', 'detained', 'released', 'released_to_date'], measure), key <> 'total', key,
    value DESC, part;
