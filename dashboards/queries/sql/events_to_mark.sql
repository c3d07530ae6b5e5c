-- One row is one event that a chart can mark.
SELECT happened, kind, title_es, title_en, title_pt, url
FROM events
WHERE situation = $situation
ORDER BY happened, title_en;
