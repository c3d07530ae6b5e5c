-- One row is one organisation's headline for one measure as known on a day, with what was passed over.
WITH own AS MATERIALIZED ( -- what stands for a total's moment is told by the same organisation's totals
    FROM claims_as_known_on($known_on) WHERE situation = $situation AND breakdown = 'total'
),
placed AS MATERIALIZED (
    FROM placed_from('own')
),
stated AS MATERIALIZED (
    FROM statements_from('placed', $known_on)
)
FROM headline_from('stated');
