-- One row is one accepted claim placed in its series, with its revision number and what became of it.
CREATE VIEW observations AS
SELECT
    placed.* EXCLUDE (grade, undated, point),
    statements.revision, statements.standing, statements.why_standing, statements.doubt, statements.contradicted
FROM placed_as_known_on(DATE '9999-12-31') AS placed
JOIN statements
    ON statements.point = placed.point AND (statements.standing = 'withdrawn') = placed.withdrawn
    AND statements.qualifier IS NOT DISTINCT FROM placed.qualifier
    AND statements.value IS NOT DISTINCT FROM placed.value
    AND statements.value_high IS NOT DISTINCT FROM placed.value_high;
