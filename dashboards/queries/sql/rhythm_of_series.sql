-- One row: one organisation's rhythm under one measure.
SELECT rhythm_days
FROM rhythms
WHERE situation = $situation AND organisation = $organisation AND measure = $measure;
