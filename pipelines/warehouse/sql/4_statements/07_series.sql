-- One row is one point of one series: what stands for that moment, as known on a day. One with a `doubt` is no part of
-- any line.
CREATE MACRO series_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (standing, point) FROM statements_as_known_on(known_on) WHERE standing = 'stands';

-- The same with everything published so far.
CREATE VIEW series AS
SELECT * EXCLUDE (standing, point) FROM statements WHERE standing = 'stands';
