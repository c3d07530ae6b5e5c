-- One row is what another organisation counted of the same thing on the nearest day within `days`: each start it counts from.
SELECT *
FROM statements
WHERE situation = $situation AND measure = $measure AND breakdown = $breakdown AND population = $population
    AND organisation <> $organisation
    AND standing = 'stands' AND doubt IS NULL AND value IS NOT NULL
    AND as_of BETWEEN $as_of::DATE - $days::INTEGER AND $as_of::DATE + $days::INTEGER
    AND organisation NOT IN (SELECT organisation FROM organisations WHERE situation = $situation AND unnamed)
QUALIFY row_number() OVER (
    PARTITION BY organisation, baseline ORDER BY abs(as_of - $as_of::DATE), carriers DESC, claim_id
) = 1
ORDER BY abs(as_of - $as_of::DATE), organisation, baseline
LIMIT $limit;
