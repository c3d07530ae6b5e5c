-- One row is one moment for which one organisation states values that cannot be true at once.
-- No contradiction is a running count, or one of a day, that a report of the same days gives higher later: the day went
-- on. Nor is "more than 300" beside a round 300.
CREATE MACRO rule_two_values_one_moment(source) AS TABLE
WITH contradicted AS (
    SELECT *, point AS key FROM query_table(source) WHERE contradicted
),
told AS MATERIALIZED (
    FROM sliced('contradicted')
),
opposed AS (
    SELECT less.span AS less, more.span AS more, known_from, more.low - less.high AS people
    FROM told AS less JOIN told AS more USING (point, known_from)
    WHERE more.low > less.high
        AND NOT (
            less.kind IN ('cumulative', 'flow')
            AND more.published BETWEEN less.published AND less.published + update_days()
        )
        AND NOT (more.qualifier = 'more_than' AND less.qualifier = 'exact' AND more.value = less.value AND is_round(less.value))
        AND NOT (less.qualifier = 'less_than' AND more.qualifier = 'exact' AND more.value = less.value AND is_round(less.value))
),
involved AS (
    SELECT span, known_from, max(people) AS people
    FROM (SELECT unnest([less, more]) AS span, known_from, people FROM opposed)
    GROUP BY span, known_from
)
SELECT
    'two_values_one_moment' AS rule,
    any_value(situation) AS situation, any_value(organisation) AS organisation, any_value(measure) AS measure,
    any_value(population) AS population, any_value(breakdown) AS breakdown,
    any_value(period_start) AS period_start, any_value(as_of) AS as_of, max(published) AS published,
    listed(CASE WHEN NOT withheld THEN value END, row(value, claim_id)) AS amounts,
    listed(claim_id, row(value, claim_id)) AS claims,
    max(people) AS people, max(value) AS largest, known_from, any_value(known_until) AS known_until
FROM told JOIN involved USING (span, known_from)
GROUP BY point, known_from;
