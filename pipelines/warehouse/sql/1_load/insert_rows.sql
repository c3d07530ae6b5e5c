-- Accepted rows that arrive from one file. Those that may have to be withheld, and those whose words spell out a part
-- that may have to be, wait outside the file.
SET VARIABLE facility_words = (
    SELECT '(' || string_agg(DISTINCT replace(plain_letters(name), '_', ' '), '|') || ')'
    FROM (SELECT unnest((settings -> 'breakdown_values' -> 'facility')::VARCHAR[]) AS name FROM situations)
);

-- Made once and not for each of the two: ids, and what words say, cost more than keeping the rows.
CREATE OR REPLACE TEMP TABLE rows_identified AS
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    * EXCLUDE (state, reason),
    is_guarded(breakdown, population) OR spells_part(note) OR spells_part(raw) OR spells_part(publisher)
        OR address_spells_part(url) AS waits
FROM rows_arriving;

INSERT INTO claims_stored BY NAME SELECT * EXCLUDE (waits) FROM rows_identified WHERE NOT waits;
INSERT INTO claims_guarded BY NAME SELECT * EXCLUDE (waits), false AS suppressed FROM rows_identified WHERE waits;
DROP TABLE rows_identified;
