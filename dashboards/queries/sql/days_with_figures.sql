-- One row is one day of which a named organisation published a figure that stands without a doubt, in a span of days.
SELECT DISTINCT statements.organisation, statements.as_of AS day
FROM statements
INNER JOIN organisations USING (situation, organisation)
WHERE
    statements.situation = $situation
    AND statements.standing = 'stands' AND statements.doubt IS NULL
    AND statements.as_of BETWEEN $since AND $until
    AND NOT organisations.unnamed
ORDER BY statements.organisation, day;
