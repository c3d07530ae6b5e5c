-- One row is one pair of exact figures of one day that compare, as known on a day, of the two speakers who share most days
-- on a measure, independent ones first; they share `least` at least. Who was not named shares none.
WITH unnamed AS (
    SELECT organisation FROM organisations WHERE situation = $situation AND unnamed
),
matched AS NOT MATERIALIZED (
    FROM gaps_as_known_on($known_on)
    WHERE situation = $situation AND comparable AND left_as_of BETWEEN $since AND $until AND left_as_of = right_as_of
        AND left_qualifier = 'exact' AND right_qualifier = 'exact'
        AND list_contains($measures::VARCHAR[], left_measure)
        AND left_organisation NOT IN (FROM unnamed) AND right_organisation NOT IN (FROM unnamed)
),
things AS (
    SELECT
        left_organisation, right_organisation, left_measure, right_measure, left_population, right_population,
        left_breakdown, right_breakdown, left_period_start, right_period_start,
        any_value(left_role) AS role, count(DISTINCT left_as_of) AS days, min(row(as_of, left_claim)) AS first
    FROM matched
    GROUP BY ALL
    HAVING count(DISTINCT left_as_of) >= $least
),
chosen AS (
    FROM things
    QUALIFY row_number() OVER (
        PARTITION BY left_measure ORDER BY role NOT IN ('ngo', 'government'), days DESC, first
    ) = 1
)
SELECT matched.*
FROM matched JOIN chosen
    ON chosen.left_organisation = matched.left_organisation AND chosen.right_organisation = matched.right_organisation
    AND chosen.left_measure = matched.left_measure AND chosen.right_measure = matched.right_measure
    AND chosen.left_population IS NOT DISTINCT FROM matched.left_population
    AND chosen.right_population IS NOT DISTINCT FROM matched.right_population
    AND chosen.left_breakdown = matched.left_breakdown AND chosen.right_breakdown = matched.right_breakdown
    AND chosen.left_period_start IS NOT DISTINCT FROM matched.left_period_start
    AND chosen.right_period_start IS NOT DISTINCT FROM matched.right_period_start
ORDER BY as_of, left_claim;
