-- One row is one point of one series: what stands for that moment with everything published so far.
CREATE VIEW series AS
SELECT * EXCLUDE (standing, point) FROM statements WHERE standing = 'stands';
