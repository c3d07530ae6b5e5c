-- One row: one organisation's rhythm under one measure as known on a day.
WITH stated AS MATERIALIZED (
    FROM statements_as_known_on($known_on)
    WHERE situation = $situation AND organisation = $organisation AND measure = $measure
)
SELECT rhythm_days FROM rhythms_from('stated');
