-- One row is one statement that matches, in the order asked for; `matching` repeats how many match. Each of `words`
-- must be found: as a number of the figure, in one of the names that hold it, or as the key of its claim.
WITH words AS MATERIALIZED ( -- each with a bit of its own
    SELECT
        unnest($words::STRUCT(
            number BIGINT, text VARCHAR, organisations VARCHAR[], measures VARCHAR[], breakdowns VARCHAR[],
            publishers VARCHAR[]
        )[]) AS word,
        1::BIGINT << unnest(range(len($words))) AS bit
),
named AS ( -- names are looked at once for each combination of them, not for each figure
    SELECT organisation, measure::measure_word AS measure, breakdown, bit_or(bit) AS bits
    FROM claim_choices JOIN words
        ON list_contains(word.organisations, organisation) OR list_contains(word.measures, measure)
        OR list_contains(word.breakdowns, breakdown)
    WHERE situation = $situation
    GROUP BY organisation, measure, breakdown
),
carried AS (
    SELECT publisher, bit_or(bit) AS bits
    FROM (SELECT bit, unnest(word.publishers) AS publisher FROM words) GROUP BY publisher
),
numbered AS (
    SELECT word.number AS number, bit_or(bit) AS bits FROM words WHERE word.number IS NOT NULL GROUP BY number
),
keyed AS ( -- keys are looked for where a word can be one
    SELECT stored.rowid AS stored_row, texts.bits
    FROM statements_stored AS stored
    JOIN (SELECT word.text AS claim_id, bit_or(bit) AS bits FROM words GROUP BY word.text) AS texts USING (claim_id)
    WHERE list_bool_or(list_transform($words, lambda word: regexp_full_match(word.text, '[0-9a-f]{16}')))
),
listed AS NOT MATERIALIZED ( -- what is asked for but for its words; `rank` is the first thing that it is sorted by
    SELECT
        *, rowid AS stored_row,
        coalesce(CASE $sort
            WHEN 'largest' THEN -value
            WHEN 'smallest' THEN value
            WHEN 'oldest' THEN as_of - DATE '1970-01-01'
            WHEN 'published' THEN DATE '1970-01-01' - published
            WHEN 'who' THEN list_position($ranked::VARCHAR[], organisation)
            ELSE DATE '1970-01-01' - as_of
        END, 9_223_372_036_854_775_807) AS rank
    FROM statements_stored
    WHERE situation = $situation
        AND ($organisation::VARCHAR IS NULL OR organisation = $organisation)
        AND ($measure::VARCHAR IS NULL OR measure::VARCHAR = $measure)
        AND ($breakdown::VARCHAR IS NULL OR breakdown = $breakdown)
        AND ($provenance::VARCHAR IS NULL OR provenance::VARCHAR = $provenance)
        AND (
            $standing::VARCHAR IS NULL
            OR CASE $standing
                WHEN 'contradicted' THEN standing = 'contradicted' OR contradicted
                WHEN 'revised' THEN revision > 0
                WHEN 'in_doubt' THEN standing = 'stands' AND doubt IS NOT NULL
                ELSE standing = $standing
            END
        )
        AND (
            $reading::VARCHAR IS NULL
            OR ($reading = 'yes' AND checked = 'read_again')
            OR ($reading = 'copy' AND checked = 'read_again_in_copy')
            OR ($reading = 'no' AND (checked IS NULL OR checked = 'read_in_address') AND standing <> 'withdrawn')
        )
        AND ($since::DATE IS NULL OR as_of >= $since)
        AND ($until::DATE IS NULL OR as_of <= $until)
        AND ($claim::VARCHAR IS NULL OR claim_id = $claim)
        AND ($number::BIGINT IS NULL OR value = $number OR value_high = $number) -- of a word that is nothing else
),
worded AS MATERIALIZED (
    SELECT listed.stored_row, rank, as_of, published
    FROM listed
    LEFT JOIN named USING (organisation, measure, breakdown)
    LEFT JOIN carried USING (publisher)
    LEFT JOIN numbered ON numbered.number = listed.value
    LEFT JOIN numbered AS numbered_high ON numbered_high.number = listed.value_high
    LEFT JOIN keyed ON keyed.stored_row = listed.stored_row
    WHERE len($words) > 0
        AND coalesce(named.bits, 0) | coalesce(carried.bits, 0) | coalesce(numbered.bits, 0)
            | coalesce(numbered_high.bits, 0) | coalesce(keyed.bits, 0) = (1::BIGINT << len($words)) - 1
),
chosen AS NOT MATERIALIZED (
    SELECT stored_row, rank, as_of, published FROM listed WHERE len($words) = 0
    UNION ALL
    FROM worded
),
ranks AS MATERIALIZED ( -- counted first: what is far from the page need not be sorted
    SELECT rank, count(*) AS figures, sum(count(*)) OVER (ORDER BY rank) - count(*) AS before FROM chosen GROUP BY rank
),
near AS MATERIALIZED (
    SELECT min(rank) AS first, max(rank) AS last, min(before) AS before
    FROM ranks WHERE before < $skip + $limit AND before + figures > $skip
),
page AS MATERIALIZED ( -- the other columns are read of one page
    SELECT stored_row, row_number() OVER (ORDER BY rank, as_of DESC, published DESC, stored_row) AS place
    FROM chosen
    WHERE rank BETWEEN (SELECT first FROM near) AND (SELECT last FROM near)
    QUALIFY place - 1 + (SELECT before FROM near) BETWEEN $skip AND $skip + $limit - 1
),
shown AS NOT MATERIALIZED (
    SELECT stored.*, page.place FROM statements_stored AS stored JOIN page ON page.stored_row = stored.rowid
)
SELECT * EXCLUDE (place), (SELECT sum(figures)::BIGINT FROM ranks) AS matching
FROM statements_read_from('shown')
ORDER BY place;
