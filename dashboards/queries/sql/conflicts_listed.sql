-- One row is one thing that does not add up (the mart's macro `conflicts_from`), the largest first; `matching` counts the
-- rows of the rule and state asked for.
WITH contradicted AS (
    FROM contradictions WHERE situation = $situation
),
stated AS (
    FROM statements WHERE situation = $situation
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
