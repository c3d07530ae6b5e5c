-- One row is one claim through one of the spans in which it read the same, of those that a rule looks at as they were read.
CREATE TEMP TABLE claims_carried AS
SELECT
    claims.* REPLACE (
        coalesce(versions.measure, claims.measure) AS measure,
        coalesce(versions.breakdown, claims.breakdown) AS breakdown,
        CASE WHEN versions.claim_id IS NULL THEN claims.value ELSE versions.value END AS value,
        CASE WHEN versions.claim_id IS NULL THEN claims.as_of ELSE versions.as_of END AS as_of,
        CASE WHEN versions.claim_id IS NULL THEN claims.period_start ELSE versions.period_start END AS period_start
    ),
    coalesce(versions.known_from, published) AS known_from, coalesce(versions.known_until, DATE 'infinity') AS known_until
FROM claims LEFT JOIN claim_versions AS versions USING (claim_id)
WHERE coalesce(versions.measure, claims.measure) = 'amnesty_applications_to_date';

-- Two figures of a speaker whom nobody named may be of two.
CREATE TEMP VIEW speaking AS
FROM point_spans WHERE standing <> 'withdrawn' AND NOT unnamed;

-- One row is what one rule found through a span of days: the values and claims that it sets side by side, the day on which
-- all of them had been published, how many people are in question. Each rule is a macro of `checks/review`; one after the
-- other they need less memory.
CREATE TEMP TABLE found AS FROM rule_two_values_one_moment('speaking');
INSERT INTO found BY NAME FROM rule_cumulative_falls('speaking');
INSERT INTO found BY NAME FROM rule_parts_do_not_add_up('speaking');
INSERT INTO found BY NAME FROM rule_released_exceeds_ever_detained('speaking');
INSERT INTO found BY NAME FROM rule_bound_turned_into_point('speaking');
INSERT INTO found BY NAME FROM rule_as_of_after_published('point_spans');
INSERT INTO found BY NAME FROM rule_value_equals_other_measure('speaking');
INSERT INTO found BY NAME FROM rule_flow_exceeds_cumulative_change('speaking');
INSERT INTO found BY NAME FROM rule_applications_told_as_releases('point_spans', 'claims_carried');

CREATE TEMP TABLE findings_told AS
SELECT
    *, hash(situation, list_sort(claims)) AS key,
    least(100, greatest(1, round(100.0 * people / nullif(largest, 0))))::INTEGER AS severity
FROM found;
DROP TABLE found;
DROP VIEW speaking;

-- One row is one contradiction through a span of days, worst where most people are in question (`people`). Where several
-- rules set the same claims side by side they are one row: `rule` is of the one that puts most people in question, `rules`
-- names all. `severity`: hundredths of the largest value that do not fit, at least 1, at most 100. The explanation stands
-- beside it from the day on which a person gave one.
CREATE TEMP TABLE contradiction_spans AS
WITH explained AS (
    SELECT
        told.key, struct_pack(es := reason_es, en := reason_en, pt := reason_pt, link := link) AS reason,
        greatest(told.known_from, explanations.decided) AS known_from, told.known_until
    FROM findings_told AS told
    JOIN explanations USING (situation, rule, organisation)
    WHERE explanations.decided < told.known_until
        AND coalesce(explanations.measure = told.measure, true)
        AND coalesce(explanations.breakdown = told.breakdown, true)
        AND coalesce(explanations.as_of = told.as_of, true)
        AND coalesce(explanations.amounts = told.amounts, true)
),
several AS ( -- rules that set the same claims side by side on one day: rare, so that only these are brought together
    SELECT key
    FROM findings_told
    SEMI JOIN (SELECT key FROM findings_told GROUP BY key HAVING count(*) > 1) AS often USING (key)
    QUALIFY lead(known_from) OVER (PARTITION BY key ORDER BY known_from) < known_until
    UNION
    SELECT key FROM explained
),
members AS (
    SELECT key, told, NULL AS reason, known_from, known_until
    FROM findings_told AS told SEMI JOIN several USING (key)
    UNION ALL
    SELECT key, NULL, reason, known_from, known_until FROM explained
),
merged AS (
    SELECT
        unnest(arg_min(told, row(-told.people, -told.severity, told.rule, told.claims))),
        list_sort(list(DISTINCT told.rule) FILTER (told IS NOT NULL)) AS rules,
        min(reason).en AS explanation, min(reason).es AS explanation_es, -- of several explanations one, in all its languages
        min(reason).pt AS explanation_pt, min(reason).link AS explanation_link,
        known_from AS since, known_until AS until
    FROM sliced('members')
    GROUP BY key, known_from, known_until
)
SELECT
    * EXCLUDE (largest, since, until) REPLACE (since AS known_from, until AS known_until),
    row_number() OVER () AS finding
FROM (
    SELECT
        *, [rule] AS rules, NULL AS explanation, NULL AS explanation_es, NULL AS explanation_pt,
        NULL AS explanation_link, known_from AS since, known_until AS until
    FROM findings_told ANTI JOIN several USING (key)
    UNION ALL BY NAME
    FROM merged
);
DROP TABLE findings_told;
