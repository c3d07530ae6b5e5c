-- One row is one statement that can bear on a guarded cell, as anyone may read it once `withheld` ones stay out: claims
-- in every form in which they ever stood, and rows aside that are published with their number.
-- Guarded cells, and wholes under the same keys that lie near them in time: nothing else adds up with them.
WITH withheld AS (
    SELECT claim_id, any_value(fewer_than) AS fewer_than FROM cells_withheld GROUP BY claim_id
),
ever AS MATERIALIZED (
    FROM cells_as_ever_stated
),
told AS (
    SELECT
        claim_id, situation, organisation, measure, population, breakdown, guarded, qualifier, value, value_high,
        period_start, coalesce(as_of, published) AS as_of, published,
        suppressed OR withheld.claim_id IS NOT NULL AS withheld,
        coalesce(withheld.fewer_than, cells.fewer_than) AS fewer_than
    FROM ever AS cells LEFT JOIN withheld USING (claim_id)
    WHERE NOT guarded OR (situation, organisation, population) NOT IN (FROM speakers_beyond_audit)
    UNION ALL
    SELECT
        NULL, situation, coalesce(organisation, ''), measure, coalesce(population, ''), breakdown, false, -- of nobody known
        qualifier, value, value_high, period_start, coalesce(as_of, published), published, false, NULL
    FROM rows_aside
    WHERE value IS NOT NULL AND NOT is_guarded(breakdown, population)
),
dated AS MATERIALIZED (
    SELECT told.*, measures.kind, small_cell, rhythm_days
    FROM told
    JOIN measures USING (measure)
    JOIN (SELECT situation, (settings ->> 'small_cell')::INTEGER AS small_cell FROM situations) USING (situation)
    LEFT JOIN organisations USING (situation, organisation)
    WHERE kind <> 'promise' AND as_of IS NOT NULL
),
keys AS (
    SELECT situation, list(DISTINCT split_part(part, '=', 1)) AS keys, min(as_of) AS first, max(as_of) AS last
    FROM (SELECT situation, as_of, unnest(string_split(breakdown, ';')) AS part FROM dated WHERE guarded)
    GROUP BY situation
),
untold AS ( -- wholes that nobody states: the halves of them do
    SELECT situation, organisation, population, measure, period_start, as_of
    FROM dated
    GROUP BY ALL
    HAVING NOT bool_or(breakdown = 'total')
),
days AS (
    SELECT DISTINCT situation, unnest(generate_series(as_of - $apart, as_of + $apart, INTERVAL 1 DAY))::DATE AS as_of
    FROM dated WHERE guarded
)
SELECT
    claim_id, situation, organisation, measure, population, breakdown, guarded, kind,
    period_start, as_of, published, value, bounds_low(qualifier, value) AS low,
    bounds_high(qualifier, value, value_high) AS high, withheld, fewer_than, small_cell,
    rhythm_days
FROM dated
JOIN keys USING (situation)
WHERE guarded OR (
    (breakdown = 'total' OR list_has_all(
        keys, list_transform(string_split(breakdown, ';'), lambda part: split_part(part, '=', 1))
    ) OR (NOT contains(breakdown, ';') AND EXISTS (
        FROM untold WHERE untold.situation = dated.situation AND untold.organisation = dated.organisation
            AND untold.population IS NOT DISTINCT FROM dated.population AND untold.measure = dated.measure
            AND untold.period_start IS NOT DISTINCT FROM dated.period_start AND untold.as_of = dated.as_of
    )))
    AND CASE WHEN kind = 'stock' THEN (situation, as_of) IN (FROM days)
        ELSE as_of >= first - $apart AND coalesce(period_start, as_of) <= last + $apart END
)
ORDER BY ALL;
