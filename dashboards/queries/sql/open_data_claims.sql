-- One row is one accepted claim of a situation, under the id of the figure that it is about, with what became of it and
-- what the latest reading of it found.
SELECT
    figure_identity(
        claims.situation, claims.organisation, claims.measure, claims.population, claims.breakdown, claims.period_start,
        claims.as_of
    ) AS figure_id,
    claims.*,
    observations.standing, observations.why_standing, observations.doubt, observations.repeats AS is_repeat,
    checks.verdict, checks.checked, checks.checked_on
FROM claims
LEFT JOIN (FROM observations WHERE situation = $situation) AS observations USING (claim_id)
LEFT JOIN claim_checks_as_known_on(DATE '9999-12-31') AS checks USING (claim_id)
WHERE claims.situation = $situation
ORDER BY claim_id;
