-- One row is one event of a situation that its charts mark.
SELECT situation, happened, kind::VARCHAR AS event_kind, title_es, title_en, title_pt, url, published
FROM events
WHERE situation = $situation
ORDER BY happened, event_kind, title_es, url;
