-- One row is one of these organisations: how many figures of one count it gave from a day to a day, as known on a day, and
-- how many of them are exact and contradicted by none of its own.
SELECT organisation, count(*) AS figures, count(*) FILTER (qualifier = 'exact' AND NOT contradicted) AS exact
FROM statements_as_known_on($known_on)
WHERE standing = 'stands' AND doubt IS NULL AND NOT suppressed
    AND situation = $situation
    AND measure = $measure
    AND list_contains($organisations, organisation)
    AND population = $population
    AND breakdown = $breakdown
    AND as_of BETWEEN $first AND $last
GROUP BY organisation
ORDER BY exact DESC, organisation;
