-- One row: one organisation's rhythm under one measure as known on a day.
WITH own AS MATERIALIZED ( -- what stands for a moment is told by the same organisation's claims
    FROM claims_as_known_on($known_on) WHERE situation = $situation AND organisation = $organisation
),
placed AS MATERIALIZED (
    FROM placed_from('own') WHERE breakdown = 'total' -- of every measure: one may be told as another
),
stated AS MATERIALIZED (
    FROM statements_from('placed', $known_on)
)
SELECT rhythm_days FROM rhythms_from('stated') WHERE measure = $measure;
