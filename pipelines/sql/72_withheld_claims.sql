-- One row is one claim whose value our own tables do not show: a small cell of children, health or a facility, or one
-- that would give it away. The claim itself stays as its source published it.
CREATE TABLE withheld_claims AS
SELECT placed.situation, placed.claim_id, points.is_small
FROM placed_as_known_on(DATE '9999-12-31') AS placed
JOIN (SELECT point, bool_or(is_small) AS is_small FROM points WHERE withheld GROUP BY point) AS points USING (point);
