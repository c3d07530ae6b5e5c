-- One row is one day on which what an organisation counts as held, released or newly detained became something else,
-- without a documented bridge: a pace or an outlook never looks across it. A new baseline is a series of its own, not
-- a break.
SELECT DISTINCT breaks.happened
FROM breaks
JOIN situations USING (situation)
WHERE breaks.situation = $situation
    AND breaks.organisation = $organisation
    AND breaks.kind IN ('definition', 'unit')
    AND breaks.measure IN ('in_custody', 'released_to_date', 'detained')
    AND breaks.population = (situations.settings ->> '$.default_population')
    AND NOT breaks.bridged
ORDER BY breaks.happened;
