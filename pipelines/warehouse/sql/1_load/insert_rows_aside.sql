-- Rows that arrive from one file and do not count, with the reason. Of these nobody knows yet what they are of, so any
-- word for a guarded part makes them wait outside the file.
CREATE OR REPLACE TEMP TABLE rows_identified AS
SELECT
    claim_identity(
        situation, organisation, measure, population, breakdown, qualifier, value, value_high,
        period_start, as_of, published, publisher, url
    ) AS claim_id,
    *,
    coalesce(is_guarded(coalesce(breakdown, ''), population), false) OR address_spells_part(url)
        OR coalesce(mentions_part(concat_ws(' ', organisation, measure, population, breakdown, qualifier, note, raw, publisher, reason)), false)
        OR spells_part(note) OR spells_part(raw) AS waits
FROM rows_arriving;

INSERT INTO rows_aside BY NAME SELECT * EXCLUDE (waits) FROM rows_identified WHERE NOT waits;
INSERT INTO rows_aside_guarded BY NAME SELECT * EXCLUDE (waits) FROM rows_identified WHERE waits;
DROP TABLE rows_identified;
