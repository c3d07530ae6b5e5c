-- One row is one statement with what the marts need beside it: who speaks, in which epoch of its definition, and
-- whether its value is withheld. `epoch` counts the unbridged breaks up to the moment, `epoch_start` up to where its
-- window starts; where the two differ, the figure itself lies across a break. `break_days` are the days of those breaks.
CREATE MACRO points_from(source, known_on) AS TABLE
SELECT
    stated.situation, stated.organisation, organisations.name, organisations.role,
    stated.organisation = situations.primary_organisation AS is_primary,
    stated.measure::VARCHAR AS measure, stated.kind, stated.population, stated.breakdown, stated.baseline,
    stated.period_start, stated.window_basis, stated.as_of, stated.qualifier::VARCHAR AS qualifier,
    stated.value, stated.value_high, stated.low, stated.high,
    stated.published, stated.last_published, stated.revision, stated.standing, stated.doubt, stated.contradicted,
    stated.corrected, stated.checked, stated.origins, stated.carriers, stated.publisher, stated.claim_id, stated.point,
    coalesce(len(list_filter(broken.days, lambda day: day <= stated.as_of)), 0) AS epoch,
    coalesce(
        len(list_filter(broken.days, lambda day: day <= coalesce(stated.period_start, stated.as_of))), 0
    ) AS epoch_start,
    broken.days AS break_days,
    coalesce(stated.suppressed, false) AS withheld,
    stated.fewer_than IS NOT NULL AS is_small
FROM query_table(source) AS stated
JOIN organisations USING (situation, organisation)
JOIN situations USING (situation)
LEFT JOIN unbridged_breaks_as_known_on(known_on) AS broken USING (situation, organisation, measure, population);
