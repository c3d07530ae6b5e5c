-- One row is one exact figure of the same count and start near a day: the nearest `limit` before it and after it. `fits`
-- is whether it stands and is not in doubt.
WITH near AS (
    SELECT claim_id, as_of, value, standing = 'stands' AND doubt IS NULL AS fits, as_of <= $as_of AS before
    FROM statements
    WHERE situation = $situation AND organisation = $organisation AND measure = $measure AND population = $population
        AND breakdown = $breakdown AND baseline IS NOT DISTINCT FROM $baseline::DATE
        AND qualifier = 'exact' AND value IS NOT NULL
        AND (standing = 'stands' OR list_contains($claims::VARCHAR[], claim_id))
)
SELECT claim_id, as_of, value, fits
FROM near
QUALIFY row_number() OVER (PARTITION BY before ORDER BY abs(as_of - $as_of::DATE), fits DESC, claim_id) <= $limit
    OR list_contains($claims::VARCHAR[], claim_id)
ORDER BY as_of, claim_id;
