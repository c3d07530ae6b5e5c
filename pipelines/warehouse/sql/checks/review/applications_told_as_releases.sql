-- One row is one number of amnesty applications told as releases: another outlet gives it as a figure of releases of the
-- same days, or a report names it beside words of release. `carried` holds the claims.
CREATE MACRO rule_applications_told_as_releases(source, carried) AS TABLE
WITH applied AS (
    SELECT * FROM query_table(source)
    WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
),
told AS (
    SELECT
        applied.* EXCLUDE (known_from, known_until), other.claim_id AS other_claim, other.value AS other_value,
        greatest(applied.published, other.published) AS told_on,
        greatest(applied.known_from, other.known_from) AS known_from, least(applied.known_until, other.known_until) AS known_until
    FROM applied
    JOIN (
        SELECT * FROM query_table(source)
        WHERE measure IN ('released', 'released_to_date', 'full_freedom_to_date', 'release_announced')
            AND breakdown = 'total'
    ) AS other ON other.situation = applied.situation AND other.value = applied.value
    WHERE abs(other.as_of - applied.as_of) <= 3 AND applied.publisher <> other.publisher
        AND other.known_from < applied.known_until AND applied.known_from < other.known_until
)
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    told_on AS published, [value, other_value] AS amounts, [claim_id, other_claim] AS claims, value AS people, value AS largest,
    known_from, known_until
FROM told
UNION ALL
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    published, [value] AS amounts, [claim_id] AS claims, value AS people, value AS largest, known_from, known_until
FROM query_table(carried)
WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
    AND regexp_matches(replace(replace(lower(url), '.', ''), ',', ''), concat('[^0-9]', value, '[^0-9]'))
    AND regexp_matches(lower(url), 'set-for-release|released|freed|liberad|excarcelad|libres');
