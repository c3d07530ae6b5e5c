-- One row is one entry of what people decided that matches nothing in the data: a typing error, or a cause that is gone.
WITH numbered AS (
    SELECT *, row_number() OVER () AS entry FROM explanations
),
matched AS (
    SELECT numbered.entry
    FROM numbered
    JOIN contradictions AS found
        ON found.situation = numbered.situation AND found.organisation = numbered.organisation
        AND list_contains(found.rules, numbered.rule)
    WHERE coalesce(numbered.as_of = found.as_of, true)
        AND (
            len(found.rules) > 1 -- one row for several rules has the values and the thing of the first of them
            OR (
                coalesce(numbered.measure = found.measure, true)
                AND coalesce(numbered.breakdown = found.breakdown, true)
                AND coalesce(numbered.amounts = found.values, true)
            )
        )
)
SELECT
    situation, 'explanations.toml' AS file,
    concat_ws(' ', rule, organisation, measure, breakdown, as_of, amounts) AS entry,
    'a contradiction that the rules found' AS expected
FROM numbered ANTI JOIN matched USING (entry)
UNION ALL
SELECT
    situation, 'bridges.toml', concat_ws(' ', organisation, measure, population, happened),
    'a break of that definition on that day'
FROM bridges ANTI JOIN definition_breaks USING (situation, organisation, measure, population, happened)
UNION ALL
SELECT
    situation, 'comparable.toml', concat_ws(' ', comparable, role, organisation, measure, population, breakdown),
    coalesce('a figure of that side counted from ' || starts, 'a figure of that side')
FROM comparables AS side
WHERE NOT EXISTS (
    FROM statements
    JOIN organisations USING (situation, organisation)
    JOIN situations USING (situation)
    WHERE statements.situation = side.situation AND statements.measure = side.measure
        AND statements.population = side.population AND statements.breakdown = side.breakdown
        AND coalesce(side.role = organisations.role, true)
        AND coalesce(side.organisation = statements.organisation, true)
        AND (
            side.starts IS NULL
            OR abs(statements.period_start - side.starts) <= (settings ->> 'baseline_tolerance_days')::INTEGER
        )
)
UNION ALL
SELECT
    situation, 'changes.toml', concat_ws(' ', organisation, measure, population, period_start, as_of, change),
    'a figure of that stock on its last day'
FROM stated_changes ANTI JOIN series USING (situation, organisation, measure, population, as_of)
UNION ALL
SELECT situation, 'publishers.toml', publisher, 'a figure that it published'
FROM publishers ANTI JOIN claims USING (situation, publisher)
ORDER BY ALL;
