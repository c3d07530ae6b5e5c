-- One row is one day on which what an organisation counts as held, released or newly detained became something else,
-- with no bridge across that was documented by a day: a pace or an outlook never looks across it. A new baseline is a
-- series of its own, not a break.
SELECT DISTINCT broken.situation, broken.organisation, unnest(broken.days) AS happened
FROM unbridged_breaks_as_known_on($as_known_on) AS broken
JOIN situations USING (situation)
WHERE ($situation::VARCHAR IS NULL OR broken.situation = $situation) -- null: of all
    AND ($organisation::VARCHAR IS NULL OR broken.organisation = $organisation)
    AND broken.measure IN ('in_custody', 'released_to_date', 'detained')
    AND broken.population = (situations.settings ->> '$.default_population')
ORDER BY happened;
