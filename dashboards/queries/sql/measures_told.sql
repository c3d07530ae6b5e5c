-- One row is one measure of which a figure of an organisation stands, a total or a part, as known on a day.
SELECT DISTINCT measure
FROM statements_as_known_on($known_on)
WHERE situation = $situation AND organisation = $organisation AND standing = 'stands'
ORDER BY measure;
