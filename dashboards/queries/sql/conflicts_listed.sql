-- One row is one thing that did not add up as known on a day (the mart's macro `conflicts_from`), the largest first;
-- `matching` counts the rows of the rule and state asked for.
WITH contradicted AS (
    FROM contradictions_as_known_on($known_on) WHERE situation = $situation
),
stated AS (
    FROM statements_as_known_on($known_on) WHERE situation = $situation
),
found AS (
    FROM conflicts_from('contradicted', 'stated')
),
chosen AS (
    FROM found WHERE ($rule::VARCHAR IS NULL OR rule = $rule) AND ($state::VARCHAR IS NULL OR state = $state)
)
SELECT *, (SELECT count(*) FROM chosen) AS matching
FROM chosen
WHERE $conflict::VARCHAR IS NULL OR conflict = $conflict
ORDER BY people DESC NULLS LAST, as_of DESC, rule, claims
LIMIT $limit OFFSET $skip;
