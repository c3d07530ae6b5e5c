-- One row is one standing exact figure of the same count after a day: the next ones, and the newest. They count from the
-- same start; a total whose start is not stated (`baseline` null) from any.
WITH later AS (
    SELECT *, row_number() OVER (ORDER BY as_of, published DESC, claim_id) AS place, count(*) OVER () AS places
    FROM statements
    WHERE situation = $situation AND organisation = $organisation AND measure = $measure AND population = $population
        AND breakdown = $breakdown AND (baseline IS NOT DISTINCT FROM $baseline::DATE OR ($baseline::DATE IS NULL AND kind = 'cumulative'))
        AND standing = 'stands' AND doubt IS NULL AND qualifier = 'exact' AND as_of > $as_of
)
SELECT * FROM later WHERE place <= $limit OR place = places ORDER BY place;
