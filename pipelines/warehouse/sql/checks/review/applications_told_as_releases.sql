-- One row is one number of amnesty applications told as releases: another outlet gives it as a figure of releases of the
-- same days, or a report names it beside words of release.
CREATE MACRO rule_applications_told_as_releases(source, carried) AS TABLE
WITH applied AS (
    SELECT * FROM query_table(source)
    WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
),
told AS (
    SELECT applied.*, other.claim_id AS other_claim, other.value AS other_value,
        greatest(applied.published, other.published) AS told_on
    FROM applied
    JOIN (
        SELECT * FROM query_table(source)
        WHERE measure IN ('released', 'released_to_date', 'full_freedom_to_date', 'release_announced')
            AND breakdown = 'total'
    ) AS other ON other.situation = applied.situation AND other.value = applied.value
    JOIN (SELECT claim_id, publisher FROM query_table(carried)) AS here ON here.claim_id = applied.claim_id
    JOIN (SELECT claim_id, publisher FROM query_table(carried)) AS there ON there.claim_id = other.claim_id
    WHERE abs(other.as_of - applied.as_of) <= 3 AND here.publisher <> there.publisher
)
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    told_on AS published, [value, other_value] AS amounts, [claim_id, other_claim] AS claims, value AS people, value AS largest
FROM told
UNION ALL
SELECT
    'applications_told_as_releases' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    published, [value] AS amounts, [claim_id] AS claims, value AS people, value AS largest
FROM query_table(carried)
WHERE measure = 'amnesty_applications_to_date' AND breakdown = 'total' AND value >= 20
    AND regexp_matches(replace(replace(lower(url), '.', ''), ',', ''), concat('[^0-9]', value, '[^0-9]'))
    AND regexp_matches(lower(url), 'set-for-release|released|freed|liberad|excarcelad|libres');
