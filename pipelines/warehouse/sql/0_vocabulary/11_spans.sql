-- What is known through spans of days (`known_from` up to the day before `known_until`), brought together.

-- One row is one row of `source` through one of the spans in which no other row of the same `key` begins or ends.
CREATE MACRO sliced(source) AS TABLE
WITH several AS (
    SELECT key FROM query_table(source) GROUP BY key HAVING count(*) > 1
),
days AS (
    SELECT DISTINCT key, unnest([known_from, known_until]) AS starts
    FROM (FROM query_table(source) SEMI JOIN several USING (key))
),
slices AS (
    SELECT key, starts, lead(starts) OVER (PARTITION BY key ORDER BY starts) AS ends FROM days QUALIFY ends IS NOT NULL
)
FROM query_table(source) ANTI JOIN several USING (key)
UNION ALL BY NAME
SELECT rows.* REPLACE (slices.starts AS known_from, slices.ends AS known_until)
FROM query_table(source) AS rows JOIN slices USING (key)
WHERE slices.starts >= rows.known_from AND slices.ends <= rows.known_until;

-- One row is what `asker` chose through a span of days: the `choice` of the highest `rank` that was known then, null where
-- none was. `pairs` holds what could be chosen, each with its own span and that of the question; who could choose nothing on
-- any day has no row.
CREATE MACRO best_known(pairs) AS TABLE
WITH clipped AS (
    SELECT
        asker, rank, choice, asked_from, asked_until,
        greatest(known_from, asked_from) AS starts, least(known_until, asked_until) AS ends
    FROM query_table(pairs)
    WHERE known_from < asked_until AND known_until > asked_from
),
always AS (
    SELECT asker, max(rank) AS rank FROM clipped WHERE starts = asked_from AND ends = asked_until GROUP BY asker
),
useful AS MATERIALIZED (
    SELECT clipped.* FROM clipped LEFT JOIN always USING (asker) WHERE coalesce(clipped.rank >= always.rank, true)
),
several AS (
    SELECT asker FROM useful GROUP BY asker HAVING count(*) > 1
),
lone AS (
    FROM useful ANTI JOIN several USING (asker)
),
days AS (
    SELECT DISTINCT asker, unnest([starts, ends, asked_from, asked_until]) AS known_from
    FROM (FROM useful SEMI JOIN several USING (asker))
),
slices AS (
    SELECT asker, known_from, lead(known_from) OVER (PARTITION BY asker ORDER BY known_from) AS known_until
    FROM days
    QUALIFY known_until IS NOT NULL
)
SELECT asker, choice, starts AS known_from, ends AS known_until FROM lone
UNION ALL
SELECT asker, NULL, asked_from, starts FROM lone WHERE asked_from < starts
UNION ALL
SELECT asker, NULL, ends, asked_until FROM lone WHERE ends < asked_until
UNION ALL
SELECT slices.asker, arg_max(useful.choice, useful.rank), slices.known_from, slices.known_until
FROM slices LEFT JOIN useful
    ON useful.asker = slices.asker AND useful.starts <= slices.known_from AND useful.ends >= slices.known_until
GROUP BY ALL;

-- One row is what `asker` had nearest through a span of days: of the marks of its `line` at its own number (`moment`) or before
-- it, the last that was known, of those at one number the one of the highest `tie`; null where none was. (With numbers
-- turned about it is the next one.) Nearly always that is the last mark of those still known: what was known before it,
-- and what ended, is looked at beside it.
CREATE MACRO nearest_known(askers, marks) AS TABLE
WITH asking AS MATERIALIZED (
    SELECT asker, line, moment, known_from AS asked_from, known_until AS asked_until FROM query_table(askers)
),
lasting AS MATERIALIZED (
    SELECT *, coalesce(known_from < max(known_from) OVER (
        PARTITION BY line ORDER BY moment RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ), false) AS early
    FROM query_table(marks) WHERE known_until = DATE 'infinity'
),
newest AS (
    SELECT line, moment, max(tie) AS tie FROM lasting GROUP BY line, moment
),
last AS (
    SELECT line, moment, tie, choice, known_from FROM lasting SEMI JOIN newest USING (line, moment, tie)
),
met AS MATERIALIZED (
    SELECT
        asking.*, last.moment AS last_moment, last.tie AS last_tie, last.choice AS last_choice,
        coalesce(last.known_from, DATE 'infinity') AS last_from
    FROM asking ASOF LEFT JOIN last ON last.line = asking.line AND last.moment <= asking.moment
),
others AS MATERIALIZED ( -- of those still known what was known before the last, and what was told beside it
    SELECT met.asker, met.asked_from, met.asked_until, marks.moment, marks.tie, marks.choice, marks.known_from, marks.known_until
    FROM (FROM met WHERE last_from > asked_from) AS met
    JOIN (FROM lasting WHERE early OR (line, moment) IN (SELECT (line, moment) FROM lasting GROUP BY ALL HAVING count(*) > 1)) AS marks
        ON marks.line = met.line AND marks.moment <= met.moment
        AND marks.known_from < met.last_from AND marks.known_from < met.asked_until
    UNION ALL -- what ended
    SELECT met.asker, met.asked_from, met.asked_until, marks.moment, marks.tie, marks.choice, marks.known_from, marks.known_until
    FROM met
    JOIN (FROM query_table(marks) WHERE known_until < DATE 'infinity') AS marks
        ON marks.line = met.line AND marks.moment <= met.moment
        AND (coalesce(marks.moment >= met.last_moment, true) OR marks.known_from < met.last_from)
        AND marks.known_from < met.asked_until AND marks.known_until > met.asked_from
),
pairs AS (
    SELECT asker, asked_from, asked_until, row(last_moment, last_tie) AS rank, last_choice AS choice, last_from AS known_from,
        DATE 'infinity' AS known_until
    FROM met WHERE last_from < asked_until
    UNION ALL
    SELECT asker, asked_from, asked_until, row(moment, tie), choice, known_from, known_until FROM others
)
FROM best_known('pairs')
UNION ALL
SELECT asker, NULL, asked_from, asked_until
FROM (FROM met WHERE last_from >= asked_until) ANTI JOIN others USING (asker);

-- One row is what was best of each `key` through a span of days: the `choice` of the highest `rank` that was known then; no
-- row where none was. Ranks of one key differ, or their choices are the same. Of what is still known only that counts which
-- was better than all before it; what ended is looked at beside it.
CREATE MACRO best_through(candidates) AS TABLE
WITH lasting AS (
    SELECT key, rank, choice, known_from
    FROM query_table(candidates)
    WHERE known_until = DATE 'infinity'
    QUALIFY coalesce(rank > max(rank) OVER (
        PARTITION BY key ORDER BY known_from, rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), true)
),
records AS (
    SELECT *, lead(known_from, 1, DATE 'infinity') OVER (PARTITION BY key ORDER BY known_from, rank) AS known_until
    FROM lasting
    QUALIFY known_from < known_until
),
ended AS MATERIALIZED (
    FROM query_table(candidates) WHERE known_until < DATE 'infinity'
),
pieces AS MATERIALIZED (
    SELECT *, row_number() OVER () AS asker
    FROM (
        SELECT key, rank, choice, known_from, known_until FROM records
        UNION ALL -- before the first of them
        SELECT key, NULL, NULL, DATE '-infinity', coalesce(min(records.known_from), DATE 'infinity')
        FROM (SELECT DISTINCT key FROM ended) LEFT JOIN records USING (key)
        GROUP BY key
    )
),
above AS MATERIALIZED (
    SELECT
        pieces.asker, ended.rank, ended.choice, pieces.known_from AS asked_from, pieces.known_until AS asked_until,
        ended.known_from, ended.known_until
    FROM ended JOIN pieces
        ON pieces.key = ended.key AND ended.known_from < pieces.known_until AND pieces.known_from < ended.known_until
    WHERE pieces.rank IS NULL OR ended.rank > pieces.rank
),
pairs AS (
    FROM above
    UNION ALL
    SELECT asker, rank, choice, known_from, known_until, known_from, known_until
    FROM pieces SEMI JOIN above USING (asker) WHERE rank IS NOT NULL
)
SELECT key, choice, known_from, known_until FROM pieces ANTI JOIN above USING (asker) WHERE rank IS NOT NULL
UNION ALL
SELECT pieces.key, best.choice, best.known_from, best.known_until
FROM best_known('pairs') AS best JOIN pieces USING (asker)
WHERE best.choice IS NOT NULL;
