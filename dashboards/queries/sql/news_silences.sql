-- One row is one named organisation and measure: the newest moment, and the days that usually pass between its figures.
SELECT newest.organisation, newest.as_of, rhythms.rhythm_days
FROM (
    SELECT organisation, measure, max(as_of) AS as_of
    FROM statements SEMI JOIN (FROM organisations WHERE NOT unnamed) AS named USING (situation, organisation)
    WHERE situation = $situation AND standing = 'stands' AND doubt IS NULL AND as_of IS NOT NULL
    GROUP BY organisation, measure
) AS newest
LEFT JOIN (FROM rhythms WHERE situation = $situation) AS rhythms USING (organisation, measure)
ORDER BY newest.organisation, newest.measure;
