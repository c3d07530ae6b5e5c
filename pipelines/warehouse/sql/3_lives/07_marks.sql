-- One row is one span of days of one moment of one series: the best supported exact figure of it. Of series alone in
-- which a statement has to be judged by its neighbours: an exact one that no second origin carries (`lone`).
CREATE OR REPLACE TEMP TABLE lone_lives AS
SELECT told, point, series, kind, as_of, published, value, known_from, known_until
FROM told_lives ANTI JOIN (FROM organisations WHERE unnamed) AS unnamed USING (situation, organisation)
WHERE alone AND kind IN ('stock', 'cumulative');

CREATE OR REPLACE TEMP TABLE marks AS
SELECT point, series, as_of, value, published, supported, known_from, known_until
FROM told_lives SEMI JOIN lone_lives USING (series)
WHERE low = high AND NOT withdrawn
QUALIFY row_number() OVER (
    PARTITION BY point, known_from
    ORDER BY grade, NOT dated, NOT supported, kind = 'cumulative' AND published - as_of > update_days(), value DESC
) = 1;
