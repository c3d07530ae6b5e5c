-- One row is one reading that names no row that was read, with the row that comes nearest to it; five at most, and how
-- many there are.
WITH unmatched AS (
    SELECT *, count(*) OVER () AS unmatched
    FROM readings_arriving AS readings
    ANTI JOIN rows_named AS named
        ON readings.situation = named.situation AND readings.organisation = named.organisation
        AND readings.measure = named.measure AND readings.breakdown = named.breakdown
        AND readings.published = named.published
        AND readings.qualifier IS NOT DISTINCT FROM named.qualifier
        AND readings.value IS NOT DISTINCT FROM named.value
        AND readings.as_of IS NOT DISTINCT FROM named.as_of
        AND readings.url IS NOT DISTINCT FROM named.url
    ORDER BY situation, position
    LIMIT 5
)
SELECT
    unmatched.*,
    named.organisation AS nearest_organisation, named.measure AS nearest_measure,
    named.breakdown AS nearest_breakdown, named.qualifier AS nearest_qualifier, named.value AS nearest_value,
    named.as_of AS nearest_as_of, named.published AS nearest_published, named.url AS nearest_url,
    named.file AS nearest_file, named.place AS nearest_place
FROM unmatched
LEFT JOIN rows_named AS named ON named.situation = unmatched.situation
QUALIFY row_number() OVER (
    PARTITION BY unmatched.situation, unmatched.position
    ORDER BY
        (named.url IS NOT DISTINCT FROM unmatched.url)::INTEGER
        + (named.organisation IS NOT DISTINCT FROM unmatched.organisation)::INTEGER
        + (named.measure IS NOT DISTINCT FROM unmatched.measure)::INTEGER
        + (named.breakdown IS NOT DISTINCT FROM unmatched.breakdown)::INTEGER
        + (named.qualifier IS NOT DISTINCT FROM unmatched.qualifier)::INTEGER
        + (named.value IS NOT DISTINCT FROM unmatched.value)::INTEGER
        + (named.as_of IS NOT DISTINCT FROM unmatched.as_of)::INTEGER
        + (named.published IS NOT DISTINCT FROM unmatched.published)::INTEGER DESC,
        named.url IS DISTINCT FROM unmatched.url, abs(named.value - unmatched.value) NULLS LAST, named.file, named.place
) = 1
ORDER BY unmatched.situation, unmatched.position;
