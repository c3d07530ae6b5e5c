-- Nobody can state what has not happened yet: a moment after its own publication.
SELECT
    situation, organisation, measure, population, breakdown, as_of,
    [value] AS amounts, [claim_id] AS claims, as_of - published AS severity
FROM claims JOIN measures USING (measure)
WHERE as_of > published AND kind <> 'promise';
