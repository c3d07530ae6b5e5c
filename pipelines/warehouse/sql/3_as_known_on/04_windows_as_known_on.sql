-- One row is one flow without a stated start whose organisation's previous bulletin is known: it starts there.
-- "Known" means within twice the organisation's usual rhythm; an organisation without a rhythm has none.
-- `source` is claims as known on a day: all of each organisation that it has any of.
CREATE MACRO windows_from(source) AS TABLE
WITH bulletins AS (
    SELECT DISTINCT situation, organisation, as_of
    FROM query_table(source)
    WHERE measure = 'in_custody' AND breakdown = 'total'
),
open_windows AS (
    SELECT claim_id, situation, organisation, as_of
    FROM query_table(source) SEMI JOIN (FROM measures WHERE kind = 'flow') USING (measure)
    WHERE period_start IS NULL
)
SELECT open_windows.claim_id, bulletins.as_of AS starts
FROM open_windows
ASOF JOIN bulletins
    ON open_windows.situation = bulletins.situation
    AND open_windows.organisation = bulletins.organisation
    AND open_windows.as_of > bulletins.as_of
JOIN organisations
    ON organisations.situation = open_windows.situation
    AND organisations.organisation = open_windows.organisation
WHERE open_windows.as_of - bulletins.as_of <= 2 * organisations.rhythm_days;
