-- One row is one statement that a pace can be read from, as one organisation's totals were known on a day.
WITH own AS MATERIALIZED ( -- what stands for a moment is told by the same organisation's claims
    FROM claims_as_known_on($as_known_on) WHERE situation = $situation AND organisation = $organisation
),
placed AS MATERIALIZED (
    FROM placed_from('own') WHERE breakdown = 'total'
),
stated AS MATERIALIZED (
    FROM statements_from('placed', $as_known_on)
)
SELECT * EXCLUDE (situation, organisation) FROM outlook_series_from('stated');
