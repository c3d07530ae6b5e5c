-- One row: one organisation's rhythm under one measure, and after how many days its newest figure is stale.
SELECT rhythm_days, stale_after(rhythm_days) AS stale_after_days
FROM rhythms
WHERE situation = $situation AND organisation = $organisation AND measure = $measure;
