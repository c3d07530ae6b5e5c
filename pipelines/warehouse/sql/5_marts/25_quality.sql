-- One row is one situation: how many figures count, how many of them were read again in their source or in another
-- carrier of the same statement, how many were withdrawn for what that reading found, how many only repeat a bulletin
-- without a cut-off of their own; and how many statements are in doubt.
CREATE TABLE quality AS
WITH readings AS (
    SELECT
        situation, count(*) AS figures,
        count(*) FILTER (checked = 'read_again') AS read_again,
        count(*) FILTER (checked = 'read_again_in_copy') AS read_again_in_copy,
        count(*) FILTER (withdrawn) AS withdrawn
    FROM claims LEFT JOIN claim_checks_as_known_on(DATE '9999-12-31') USING (claim_id)
    GROUP BY situation
),
judged AS (
    SELECT situation, count(doubt) AS in_doubt, sum(repeats)::BIGINT AS repeats FROM statements GROUP BY situation
)
SELECT situation, figures, read_again, read_again_in_copy, withdrawn, repeats, in_doubt
FROM readings JOIN judged USING (situation)
ORDER BY situation;

-- The same as known on a day, of the figures published by then: how they had been read again by then.
CREATE MACRO quality_as_known_on(known_on) AS TABLE
SELECT
    situation, count(*) AS figures,
    count(*) FILTER (checked = 'read_again') AS read_again,
    count(*) FILTER (checked = 'read_again_in_copy') AS read_again_in_copy,
    count(*) FILTER (withdrawn) AS withdrawn
FROM claims_as_known_on(known_on)
GROUP BY situation;
