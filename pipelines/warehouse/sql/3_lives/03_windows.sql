-- One row is one span of days of one flow without a stated start, whose organisation's previous bulletin, as known then,
-- is the day it `starts`; null where none is known. "Known" means within twice the organisation's usual rhythm; an
-- organisation without a rhythm has none.
CREATE OR REPLACE TEMP TABLE window_lives AS
WITH reach AS (
    SELECT situation, organisation, 2 * rhythm_days AS days FROM organisations WHERE rhythm_days > 0
),
bulletins AS (
    SELECT
        situation, organisation, as_of, known_from, known_until,
        (as_of - DATE '0001-01-01') // reach.days AS stretch
    FROM claim_lives JOIN reach USING (situation, organisation)
    WHERE measure = 'in_custody' AND breakdown = 'total'
),
open_windows AS (
    SELECT
        claim_id, situation, organisation, as_of, known_from, known_until, reach.days AS reach,
        unnest([(as_of - DATE '0001-01-01') // reach.days, (as_of - DATE '0001-01-01') // reach.days - 1]) AS stretch
    FROM claim_lives SEMI JOIN (FROM measures WHERE kind = 'flow') USING (measure)
    JOIN reach USING (situation, organisation)
    WHERE period_start IS NULL
),
before AS (
    SELECT
        open_windows.claim_id, open_windows.known_from AS version, open_windows.known_until AS version_until,
        bulletins.as_of AS starts,
        greatest(open_windows.known_from, bulletins.known_from) AS known_from,
        least(open_windows.known_until, bulletins.known_until) AS known_until
    FROM open_windows JOIN bulletins USING (situation, organisation, stretch)
    WHERE bulletins.as_of < open_windows.as_of AND open_windows.as_of - bulletins.as_of <= open_windows.reach
        AND bulletins.known_from < open_windows.known_until AND open_windows.known_from < bulletins.known_until
),
spans AS (
    SELECT
        claim_id, version, day AS known_from,
        lead(day, 1, version_until) OVER (PARTITION BY claim_id, version ORDER BY day) AS known_until
    FROM (SELECT DISTINCT claim_id, version, version_until, unnest([version, known_from, known_until]) AS day FROM before)
    WHERE day < version_until
)
SELECT spans.claim_id, spans.version, spans.known_from, spans.known_until, max(before.starts) AS starts
FROM spans
LEFT JOIN before
    ON before.claim_id = spans.claim_id AND before.version = spans.version
    AND before.known_from <= spans.known_from AND spans.known_from < before.known_until
GROUP BY ALL;

-- The same claims with the windows that they open in.
CREATE OR REPLACE TEMP VIEW windowed_lives AS
SELECT
    claim_lives.* EXCLUDE (period_start, known_from, known_until),
    claim_lives.period_start AS stated_start,
    measures.kind,
    CASE WHEN kind <> 'promise' THEN coalesce(claim_lives.period_start, window_lives.starts) END AS period_start,
    window_basis_of(kind, claim_lives.period_start, window_lives.starts) AS window_basis,
    window_lives.starts,
    coalesce(window_lives.known_from, claim_lives.known_from) AS known_from,
    coalesce(window_lives.known_until, claim_lives.known_until) AS known_until
FROM claim_lives
JOIN measures USING (measure)
LEFT JOIN window_lives ON window_lives.claim_id = claim_lives.claim_id AND window_lives.version = claim_lives.known_from;
