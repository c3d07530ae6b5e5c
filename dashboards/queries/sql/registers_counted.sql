-- One row is one registry with a figure within a week of one of these days: how many figures of one count it gave from the
-- first to the last of those nearest to the days (`first`, `last`), as known on a day, and how many of them are exact and
-- contradicted by none of its own.
WITH around AS (
    SELECT day, day + unnest(range(-7, 8))::INTEGER AS as_of FROM (SELECT unnest($days::DATE[]) AS day)
),
beside AS MATERIALIZED (
    SELECT organisation, day, as_of
    FROM band_figures_as_known_on($known_on) JOIN around USING (as_of)
    WHERE situation = $situation
        AND measure = $measure
        AND population = $population
        AND breakdown = $breakdown
        AND NOT broken_between(break_days, least(as_of, day), greatest(as_of, day))
),
nearest AS (
    SELECT arg_min(as_of, abs(day - as_of) * 2 + (as_of > day)::INTEGER) AS as_of
    FROM beside
    WHERE day <= (SELECT min(day) FROM beside) + 7 OR day >= (SELECT max(day) FROM beside) - 7
    GROUP BY day, organisation
),
span AS (
    SELECT min(as_of) AS first, max(as_of) AS last FROM nearest
)
SELECT
    organisation, count(*) AS figures, count(*) FILTER (qualifier = 'exact' AND NOT contradicted) AS exact,
    any_value(first) AS first, any_value(last) AS last
FROM statements_as_known_on($known_on) JOIN span ON as_of BETWEEN first AND last
WHERE standing = 'stands' AND doubt IS NULL AND NOT suppressed
    AND situation = $situation
    AND measure = $measure
    AND population = $population
    AND breakdown = $breakdown
    AND organisation IN (SELECT organisation FROM beside)
GROUP BY organisation
ORDER BY exact DESC, organisation;
