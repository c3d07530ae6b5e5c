-- One row is what one organisation counts under one measure, with the days across which nothing is computed (`days`; null
-- without any), through a span of days: a bridge counts from the day on which it was decided.
CREATE TEMP TABLE break_spans AS
WITH breaks AS (
    SELECT situation, organisation, measure, population, happened, coalesce(min(decided), DATE 'infinity') AS bridged
    FROM definition_breaks LEFT JOIN bridges USING (situation, organisation, measure, population, happened)
    GROUP BY ALL
),
turns AS (
    SELECT DISTINCT
        situation, organisation, measure, population,
        unnest([DATE '-infinity', bridged, DATE 'infinity']) AS known_from
    FROM breaks
),
spans AS (
    SELECT *, lead(known_from) OVER (
        PARTITION BY situation, organisation, measure, population ORDER BY known_from
    ) AS known_until
    FROM turns
    QUALIFY known_until IS NOT NULL
)
SELECT
    situation, organisation, measure, population, known_from, known_until,
    list(happened ORDER BY happened) FILTER (bridged >= known_until) AS days
FROM spans JOIN breaks USING (situation, organisation, measure, population)
GROUP BY ALL;

-- One row is one statement with what the marts need beside it: who speaks, in which epoch of its definition, and
-- whether its value is withheld. Two figures of one whom nobody named (`unnamed`) may be of two. `epoch` counts the unbridged breaks up to the moment, `epoch_start` up to where its
-- window starts; where the two differ, the figure itself lies across a break. `break_days` are the days of those breaks.
-- `source` holds statements and `broken` the days of breaks, both with the span of days through which each was known.
CREATE MACRO points_from(source, broken) AS TABLE
SELECT
    stated.situation, stated.organisation, organisations.name, organisations.role, organisations.unnamed,
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
    stated.fewer_than IS NOT NULL AS is_small,
    greatest(stated.known_from, broken.known_from) AS known_from,
    least(stated.known_until, broken.known_until) AS known_until
FROM query_table(source) AS stated
JOIN organisations USING (situation, organisation)
JOIN situations USING (situation)
LEFT JOIN query_table(broken) AS broken
    ON broken.situation = stated.situation AND broken.organisation = stated.organisation
    AND broken.measure = stated.measure::VARCHAR AND broken.population = stated.population
    AND broken.known_from < stated.known_until AND broken.known_until > stated.known_from;
