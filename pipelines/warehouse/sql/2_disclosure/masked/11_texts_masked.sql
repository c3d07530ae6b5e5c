-- What people wrote beside the figures, without the numbers of what spells out a part in any language.
UPDATE corrections SET
    reason = masked.texts[1],
    reason_en = masked.texts[2],
    reason_pt = masked.texts[3]
FROM (SELECT rowid AS row_id, without_spelled_in_any([reason, reason_en, reason_pt]) AS texts FROM corrections) AS masked
WHERE corrections.rowid = row_id;
UPDATE decisions SET reason = without_spelled(reason), corrected = NULL WHERE spells_part(reason);
UPDATE verifications SET address = address_unspelled(address) WHERE address_spells_part(address);
UPDATE events SET
    title_es = masked.texts[1],
    title_en = masked.texts[2],
    title_pt = masked.texts[3],
    url = address_unspelled(url)
FROM (SELECT rowid AS row_id, without_spelled_in_any([title_es, title_en, title_pt]) AS texts FROM events) AS masked
WHERE events.rowid = row_id;
UPDATE explanations SET
    reason_es = masked.texts[1],
    reason_en = masked.texts[2],
    reason_pt = masked.texts[3],
    link = address_unspelled(link)
FROM (SELECT rowid AS row_id, without_spelled_in_any([reason_es, reason_en, reason_pt]) AS texts FROM explanations) AS masked
WHERE explanations.rowid = row_id;
UPDATE bridges SET
    reason_es = masked.texts[1],
    reason_en = masked.texts[2],
    reason_pt = masked.texts[3],
    link = address_unspelled(link)
FROM (SELECT rowid AS row_id, without_spelled_in_any([reason_es, reason_en, reason_pt]) AS texts FROM bridges) AS masked
WHERE bridges.rowid = row_id;
UPDATE stated_changes SET url = address_unspelled(url), publisher = without_spelled(publisher);
