-- What people wrote beside the figures, without the numbers of what spells out a part.
UPDATE corrections SET
    reason = without_spelled(reason), reason_en = without_spelled(reason_en), reason_pt = without_spelled(reason_pt)
WHERE spells_part(reason) OR spells_part(reason_en) OR spells_part(reason_pt);
UPDATE decisions SET reason = without_spelled(reason), corrected = NULL WHERE spells_part(reason);
UPDATE verifications SET address = address_unspelled(address) WHERE address_spells_part(address);
UPDATE events SET
    title_es = without_spelled(title_es), title_en = without_spelled(title_en),
    title_pt = without_spelled(title_pt), url = address_unspelled(url)
WHERE spells_part(title_es) OR spells_part(title_en) OR spells_part(title_pt) OR address_spells_part(url);
UPDATE explanations SET
    reason_es = without_spelled(reason_es), reason_en = without_spelled(reason_en),
    reason_pt = without_spelled(reason_pt), link = address_unspelled(link);
UPDATE bridges SET
    reason_es = without_spelled(reason_es), reason_en = without_spelled(reason_en),
    reason_pt = without_spelled(reason_pt), link = address_unspelled(link);
UPDATE stated_changes SET url = address_unspelled(url), publisher = without_spelled(publisher);
