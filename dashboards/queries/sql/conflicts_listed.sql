-- One row is one thing that did not add up as known on a day, the largest first, with how many of the rule and state asked
-- for there were (`matching`) and how many of each rule and state (`counts`): alone or not, of a `single` claim or not.
-- `unsized` figures were in doubt, for which no size can be computed. Where nothing is to list, one row holds these counts
-- alone.
WITH known AS NOT MATERIALIZED (
    FROM conflicts_as_known_on($known_on) WHERE situation = $situation
),
numbers AS MATERIALIZED (
    SELECT rule, state, lone, sized, len(claims) = 1 AS single, count(*) AS number FROM known GROUP BY ALL
),
chosen AS NOT MATERIALIZED (
    SELECT place FROM known
    WHERE sized
        AND ($rule::VARCHAR IS NULL OR rule = $rule) AND ($state::VARCHAR IS NULL OR state = $state)
        AND ($conflict::VARCHAR IS NULL OR conflict = TRY_CAST(concat('0x', $conflict) AS BIGINT))
),
page AS MATERIALIZED (
    FROM chosen ORDER BY place LIMIT $limit OFFSET $skip
)
SELECT
    known.* EXCLUDE (sized) REPLACE (printf('%012x', conflict) AS conflict),
    (
        SELECT coalesce(sum(number), 0)::BIGINT FROM numbers
        WHERE sized AND ($rule::VARCHAR IS NULL OR rule = $rule) AND ($state::VARCHAR IS NULL OR state = $state)
    ) AS matching,
    (SELECT coalesce(sum(number), 0)::BIGINT FROM numbers WHERE NOT sized) AS unsized,
    (
        SELECT list(
            struct_pack(rule := rule, state := state, lone := lone, single := single, number := number)
            ORDER BY number DESC, rule, state
        )
        FROM numbers WHERE sized
    ) AS counts
FROM (SELECT 1) LEFT JOIN (FROM known SEMI JOIN page USING (place)) AS known ON true
ORDER BY place;
