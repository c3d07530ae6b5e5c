-- One row is one situation of our own: its rows that count, and those quarantined one by one; a file refused whole is
-- none of these.
SELECT
    situation,
    count(*) FILTER (state = 'accepted') AS accepted,
    count(*) FILTER (state = 'quarantined' AND place <> 'file') AS quarantined
FROM rows_read ANTI JOIN (FROM situations WHERE settings ->> '$.signed_by' IS NOT NULL) USING (situation)
GROUP BY situation
ORDER BY situation;
