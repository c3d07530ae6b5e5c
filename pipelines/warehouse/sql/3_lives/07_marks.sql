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

-- One row is one series that has marks: its number, and the portion of all marks that its own are in. A portion has no more
-- than so many of them, or one series alone.
CREATE OR REPLACE TEMP TABLE mark_lines AS
SELECT
    series, row_number() OVER (ORDER BY series)::INTEGER AS line,
    ((sum(count(*)) OVER (ORDER BY series) - 1) // 100_000)::INTEGER AS portion
FROM marks
GROUP BY series;

-- One row is one span of days of one statement of `lone_lives` with the marks that were its neighbours then. It is filled
-- by `neighbours.py`.
CREATE OR REPLACE TEMP TABLE neighbours (
    told INTEGER,
    known_from DATE,
    known_until DATE,
    firm_before STRUCT(as_of DATE, value BIGINT, published DATE),
    firm_after STRUCT(as_of DATE, value BIGINT, published DATE),
    told_before DATE,
    before STRUCT(as_of DATE, value BIGINT, published DATE),
    before_that STRUCT(as_of DATE, value BIGINT, published DATE),
    after STRUCT(as_of DATE, value BIGINT, published DATE),
    after_that STRUCT(as_of DATE, value BIGINT, published DATE)
);
