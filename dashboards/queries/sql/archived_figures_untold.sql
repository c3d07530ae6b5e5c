-- One row is one figure of an earlier build (`archived`) whose number this build no longer tells and that may give a
-- small cell away: of a guarded part, or a whole on a day on which this build tells the rest of such a part.
WITH told AS (
    SELECT
        figure_identity(
            situation, organisation, measure, population, breakdown,
            CASE WHEN window_basis = 'stated' THEN period_start END, as_of
        ) AS figure_id, qualifier, value, value_high, measure, breakdown, population, as_of
    FROM statements
    WHERE situation = $situation AND value IS NOT NULL
),
rests AS (
    SELECT DISTINCT measure, unnest(generate_series(as_of - 3, as_of + 3, INTERVAL 1 DAY))::DATE AS as_of
    FROM told
    WHERE is_guarded(breakdown, population) AND as_of IS NOT NULL
        AND NOT list_bool_and(list_transform(string_split(breakdown, ';'), lambda part: is_sensitive(part)))
)
SELECT DISTINCT figure_id
FROM archived
WHERE value IS NOT NULL
    AND (is_guarded(breakdown, population) OR (measure, as_of) IN (FROM rests))
    AND NOT EXISTS (
        FROM told WHERE told.figure_id = archived.figure_id AND told.qualifier = archived.qualifier
            AND told.value = archived.value AND told.value_high IS NOT DISTINCT FROM archived.value_high
    );
