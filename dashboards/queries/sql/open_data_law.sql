-- One row is one fact about a situation's law, with the source that was read for it.
SELECT
    situation, title_es AS law_es, title_en AS law_en, title_pt AS law_pt, lead_es, lead_en, lead_pt,
    section, section_es, section_en, section_pt, position,
    text_es AS fact_es, text_en AS fact_en, text_pt AS fact_pt, publisher, url, published, read_on
FROM law
WHERE situation = $situation
ORDER BY section, position;
