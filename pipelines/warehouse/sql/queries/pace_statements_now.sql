-- One row is one statement of a situation's primary organisation that a pace can be read from, with everything published
-- so far.
SELECT told.*
FROM outlook_series_from('statements') AS told
JOIN situations ON situations.situation = told.situation AND situations.primary_organisation = told.organisation;
