-- One row is one organisation of a situation.
SELECT organisation, name, role, rhythm_days, website
FROM organisations
WHERE situation = $situation
ORDER BY name, organisation;
