-- One row is what people wrote beside a figure, one text a language or a text alone, as it is published: without the numbers
-- of what spells out a part in any language. Looked at together, since what looks takes longer to make than to use.
CREATE TEMP TABLE texts_masked AS
SELECT place, row_id, without_spelled_in_any(texts) AS texts
FROM (
    SELECT 'corrections' AS place, rowid AS row_id, [reason, reason_en, reason_pt] AS texts FROM corrections
    UNION ALL SELECT 'decisions', rowid, [reason] FROM decisions
    UNION ALL SELECT 'events', rowid, [title_es, title_en, title_pt] FROM events
    UNION ALL SELECT 'explanations', rowid, [reason_es, reason_en, reason_pt] FROM explanations
    UNION ALL SELECT 'bridges', rowid, [reason_es, reason_en, reason_pt] FROM bridges
    UNION ALL SELECT 'stated_changes', rowid, [publisher] FROM stated_changes
)
WHERE any_spells_part(texts);

UPDATE corrections SET reason = texts[1], reason_en = texts[2], reason_pt = texts[3]
FROM texts_masked WHERE place = 'corrections' AND corrections.rowid = row_id;

UPDATE decisions SET reason = texts[1], corrected = NULL
FROM texts_masked WHERE place = 'decisions' AND decisions.rowid = row_id;

UPDATE events SET title_es = texts[1], title_en = texts[2], title_pt = texts[3]
FROM texts_masked WHERE place = 'events' AND events.rowid = row_id;

UPDATE explanations SET reason_es = texts[1], reason_en = texts[2], reason_pt = texts[3]
FROM texts_masked WHERE place = 'explanations' AND explanations.rowid = row_id;

UPDATE bridges SET reason_es = texts[1], reason_en = texts[2], reason_pt = texts[3]
FROM texts_masked WHERE place = 'bridges' AND bridges.rowid = row_id;

UPDATE stated_changes SET publisher = texts[1]
FROM texts_masked WHERE place = 'stated_changes' AND stated_changes.rowid = row_id;

UPDATE verifications SET address = address_unspelled(address) WHERE address_spells_part(address);
UPDATE events SET url = address_unspelled(url);
UPDATE explanations SET link = address_unspelled(link);
UPDATE bridges SET link = address_unspelled(link);
UPDATE stated_changes SET url = address_unspelled(url);
