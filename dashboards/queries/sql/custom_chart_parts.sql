-- One row is one part of a population that somebody has published at two moments at least, those with most first.
SELECT breakdown, count(DISTINCT as_of) AS moments
FROM statements
WHERE standing = 'stands'
    AND doubt IS NULL
    AND situation = $situation
    AND measure = $measure
    AND population = $population
    AND breakdown <> 'total'
GROUP BY breakdown
HAVING moments > 1
ORDER BY moments DESC, breakdown;
