-- One row is one headline of a front page (people held, or released to date, as a situation's primary organisation
-- counts them) whose figure no one has ever read again in its source.
SELECT situation, organisation, measure, qualifier, value, as_of, rests_on, claim_id
FROM headline JOIN situations USING (situation)
WHERE organisation = primary_organisation AND measure IN ('in_custody', 'released_to_date')
    AND claim_id IS NOT NULL AND checked IS NULL
    AND list_contains($situations, situation)
ORDER BY situation, measure;
