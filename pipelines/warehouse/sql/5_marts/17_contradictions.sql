-- One row is one contradiction, worst first: by how many people are in question (`people`). The rules that found it,
-- the values and claims it sets side by side, and the explanation where a person gave one (it stays here, after those
-- that have none). Where several rules set the same claims side by side they are one row: `rule` is of the one that
-- puts most people in question, `rules` names all.
-- `severity`: hundredths of the largest value that do not fit, at least 1, at most 100. `published`: the day on which
-- all of its values had been published. Each rule is a macro of `checks/review`.
CREATE MACRO contradictions_from(source, carried, known_on) AS TABLE
WITH speaking AS NOT MATERIALIZED ( -- two figures of a speaker whom nobody named may be of two
    FROM query_table(source) ANTI JOIN (FROM organisations WHERE unnamed) AS unnamed USING (situation, organisation)
    WHERE standing <> 'withdrawn'
),
found AS (
    FROM rule_two_values_one_moment('speaking')
    UNION ALL BY NAME FROM rule_cumulative_falls('speaking')
    UNION ALL BY NAME FROM rule_parts_do_not_add_up('speaking')
    UNION ALL BY NAME FROM rule_released_exceeds_ever_detained('speaking')
    UNION ALL BY NAME FROM rule_bound_turned_into_point('speaking')
    UNION ALL BY NAME FROM rule_as_of_after_published(source)
    UNION ALL BY NAME FROM rule_value_equals_other_measure('speaking')
    UNION ALL BY NAME FROM rule_flow_exceeds_cumulative_change('speaking')
    UNION ALL BY NAME FROM rule_applications_told_as_releases(source, carried)
),
weighed AS (
    SELECT
        *,
        hash(situation, list_sort(claims)) AS same_claims,
        least(100, greatest(1, round(100.0 * people / nullif(largest, 0))))::INTEGER AS severity
    FROM found
),
shared AS ( -- several rules, or a rule twice, about the same claims: rare, so that only these are sorted out
    SELECT same_claims, list_sort(list(DISTINCT rule)) AS all_rules FROM weighed GROUP BY same_claims HAVING count(*) > 1
),
merged AS (
    SELECT *, [rule] AS rules FROM weighed ANTI JOIN shared USING (same_claims)
    UNION ALL BY NAME
    SELECT weighed.*, all_rules AS rules
    FROM weighed JOIN shared USING (same_claims)
    QUALIFY row_number() OVER (PARTITION BY same_claims ORDER BY people DESC, severity DESC, rule, claims) = 1
),
explained AS (
    SELECT
        weighed.same_claims, min(explanations.reason_es) AS explanation_es,
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
        ORDER BY explained.same_claims IS NOT NULL, people DESC, severity DESC, as_of DESC, rule, claims
    ) AS rank,
    situation, rule, organisation, measure, population, breakdown, period_start, as_of, published,
    amounts AS values, claims, rules, people, severity,
    explanation_en AS explanation, explanation_es, explanation_link
FROM merged LEFT JOIN explained USING (same_claims);

CREATE MACRO contradictions_as_known_on(known_on, within := NULL) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM points_as_known_on(known_on, within := within)
),
known_claims AS MATERIALIZED (
    FROM claims_as_known_on(known_on) WHERE within IS NULL OR organisation = within
)
FROM contradictions_from('known_points', 'known_claims', known_on);

CREATE TABLE contradictions AS FROM contradictions_from('points', 'claims', DATE '9999-12-31');
