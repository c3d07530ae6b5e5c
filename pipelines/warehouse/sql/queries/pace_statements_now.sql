-- One row is one statement that a pace can be read from, with everything published so far.
SELECT * EXCLUDE (situation, organisation)
FROM outlook_series_from('statements')
WHERE situation = $situation AND organisation = $organisation;
