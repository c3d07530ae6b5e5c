-- One row is one thing that a reviewing rule found, for `check`: shown, not fatal. The rules are those of the
-- contradictions; one that several rules found is listed under each of them.
CREATE VIEW findings AS
SELECT
    situation, unnest(rules) AS rule, organisation, measure, population, breakdown, as_of,
    values AS amounts, claims, people AS severity
FROM contradictions;
