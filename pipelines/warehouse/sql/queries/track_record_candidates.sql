-- One row is one situation whose primary organisation has stated its total of people held, or of releases, for more
-- than `$least` moments: only of those can a past outlook be judged.
SELECT situations.situation, situations.primary_organisation
FROM situations
JOIN series
    ON series.situation = situations.situation
    AND series.organisation = situations.primary_organisation
    AND series.breakdown = 'total'
    AND series.measure IN ('in_custody', 'released_to_date')
GROUP BY situations.situation, situations.primary_organisation, series.measure
HAVING count(DISTINCT series.as_of) > $least
ORDER BY situations.situation;
