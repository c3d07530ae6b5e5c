-- One row is one statement that matches, in the order asked for; `matching` repeats how many match. Each of `words`
-- must be found: as a number of the figure, in one of the names that hold it, or as the key of its claim.
WITH chosen AS NOT MATERIALIZED (
    SELECT claim_id, standing, value, as_of, published, organisation
    FROM statements
    WHERE situation = $situation
        AND ($organisation::VARCHAR IS NULL OR organisation = $organisation)
        AND ($measure::VARCHAR IS NULL OR measure = $measure)
        AND ($breakdown::VARCHAR IS NULL OR breakdown = $breakdown)
        AND ($provenance::VARCHAR IS NULL OR provenance = $provenance)
        AND (
            $standing::VARCHAR IS NULL
            OR standing = $standing
            OR ($standing = 'contradicted' AND contradicted)
            OR ($standing = 'revised' AND revision > 0)
            OR ($standing = 'in_doubt' AND standing = 'stands' AND doubt IS NOT NULL)
        )
        AND (
            $reading::VARCHAR IS NULL
            OR ($reading = 'yes' AND checked = 'read_again')
            OR ($reading = 'copy' AND checked = 'read_again_in_copy')
            OR ($reading = 'no' AND checked IS NULL AND standing <> 'withdrawn')
        )
        AND ($since::DATE IS NULL OR as_of >= $since)
        AND ($until::DATE IS NULL OR as_of <= $until)
        AND ($claim::VARCHAR IS NULL OR claim_id = $claim)
        AND (
            len($words) = 0
            OR len(list_filter(
                $words::STRUCT(
                    number BIGINT, text VARCHAR, organisations VARCHAR[], measures VARCHAR[], breakdowns VARCHAR[],
                    publishers VARCHAR[]
                )[],
                lambda word: NOT (
                    coalesce(value = word.number OR value_high = word.number, false)
                    OR list_contains(word.organisations, organisation)
                    OR list_contains(word.measures, measure)
                    OR list_contains(word.breakdowns, breakdown)
                    OR list_contains(word.publishers, publisher)
                    OR claim_id = word.text
                )
            )) = 0
        )
),
page AS MATERIALIZED ( -- sorted by what it is sorted by alone: the other columns are read of one page
    SELECT claim_id, standing, row_number() OVER () AS place
    FROM (
        SELECT claim_id, standing
        FROM chosen
        ORDER BY
            CASE WHEN $sort = 'largest' THEN value END DESC NULLS LAST,
            CASE WHEN $sort = 'smallest' THEN value END NULLS LAST,
            CASE WHEN $sort = 'oldest' THEN as_of END NULLS LAST,
            CASE WHEN $sort = 'published' THEN published END DESC NULLS LAST,
            CASE WHEN $sort = 'who' THEN list_position($ranked::VARCHAR[], organisation) END,
            as_of DESC, published DESC, claim_id
        LIMIT $limit OFFSET $skip
    )
)
SELECT statements.*, (SELECT count(*) FROM chosen) AS matching
FROM statements JOIN page USING (claim_id, standing)
WHERE situation = $situation
ORDER BY place;
