-- One row is one contradiction, worst first: the rule that found it, the values and claims it sets side by side, and
-- the explanation where a person gave one (it stays here, after those that have none).
-- `severity`: hundredths of the largest value that do not fit, at least 1, at most 100.
CREATE MACRO contradictions_from(source, carried, known_on) AS TABLE
WITH found AS (
    FROM rule_two_values_one_moment(source)
    UNION ALL BY NAME FROM rule_cumulative_falls(source)
    UNION ALL BY NAME FROM rule_parts_do_not_add_up(source)
    UNION ALL BY NAME FROM rule_released_and_held_miss_detained(source)
    UNION ALL BY NAME FROM rule_released_exceeds_ever_detained(source)
    UNION ALL BY NAME FROM rule_bound_turned_into_point(source)
    UNION ALL BY NAME FROM rule_as_of_after_published(source)
    UNION ALL BY NAME FROM rule_value_equals_other_measure(source)
    UNION ALL BY NAME FROM rule_flow_exceeds_cumulative_change(source)
    UNION ALL BY NAME FROM rule_applications_told_as_releases(source, carried)
),
weighed AS (
    SELECT
        found.*,
        least(100, greatest(1, round(100.0 * people / nullif(largest, 0))))::INTEGER AS severity
    FROM found
),
explained AS (
    SELECT weighed.rule, weighed.claims, min(explanations.reason_es) AS explanation_es,
        min(explanations.reason_en) AS explanation_en, min(explanations.link) AS explanation_link
    FROM weighed
    JOIN explanations
        ON explanations.situation = weighed.situation AND explanations.rule = weighed.rule
        AND explanations.organisation = weighed.organisation
    WHERE explanations.decided <= known_on
        AND coalesce(explanations.measure = weighed.measure, true)
        AND coalesce(explanations.breakdown = weighed.breakdown, true)
        AND coalesce(explanations.as_of = weighed.as_of, true)
        AND coalesce(explanations.amounts = weighed.amounts, true)
    GROUP BY ALL
)
SELECT
    row_number() OVER (
        ORDER BY explained.rule IS NOT NULL, severity DESC, people DESC, weighed.as_of DESC, weighed.rule, weighed.claims
    ) AS rank,
    weighed.situation, weighed.rule, weighed.organisation, weighed.measure, weighed.population, weighed.breakdown,
    weighed.as_of, weighed.amounts AS values, weighed.claims, weighed.people, weighed.severity,
    explained.explanation_en AS explanation, explained.explanation_es, explained.explanation_link
FROM weighed LEFT JOIN explained ON explained.rule = weighed.rule AND explained.claims = weighed.claims;

CREATE MACRO contradictions_as_known_on(known_on) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM points_as_known_on(known_on)
),
known_claims AS MATERIALIZED (
    FROM claims_as_known_on(known_on)
)
FROM contradictions_from('known_points', 'known_claims', known_on);

CREATE TABLE contradictions AS FROM contradictions_from('points', 'claims', DATE '9999-12-31');
