-- One row is one thing that an organisation counts, with the days across which nothing is computed and no line drawn.
SELECT organisation, measure, population, days
FROM unbridged_breaks_as_known_on($known_on)
WHERE situation = $situation;
