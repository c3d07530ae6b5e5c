-- One row is one text that people wrote freely and a reader can be shown, with where it stands. Texts of withheld
-- rows are not here.
WITH texts AS (
    SELECT situation, concat(file, ', note') AS place, note AS words FROM claims_stored
    UNION ALL SELECT situation, concat(file, ', note set aside'), note FROM rows_aside
    UNION ALL SELECT situation, 'decisions.csv, reason', reason FROM decisions
    UNION ALL SELECT situation, 'decisions.csv, reviewer', reviewer FROM decisions
    UNION ALL SELECT situation, 'verifications.csv, checked_by', checked_by FROM verifications
    UNION ALL SELECT situation, 'corrections.toml, reason', unnest([reason, reason_en, reason_pt]) FROM corrections
    UNION ALL SELECT situation, 'own_corrections.csv, why', unnest([why_es, why_en, why_pt]) FROM own_corrections
    UNION ALL SELECT situation, 'questions.csv, question', unnest([question_es, question_en, question_pt]) FROM question_rows
    UNION ALL SELECT situation, 'questions.csv, reason', unnest([reason_es, reason_en, reason_pt]) FROM question_rows
    UNION ALL SELECT situation, 'explanations.toml, reason', unnest([reason_es, reason_en, reason_pt]) FROM explanations
    UNION ALL SELECT situation, 'bridges.toml, reason', unnest([reason_es, reason_en, reason_pt]) FROM bridges
    UNION ALL SELECT situation, 'comparable.toml, text', unnest([text_es, text_en, text_pt]) FROM comparables
    UNION ALL SELECT situation, 'law.toml, text', unnest([text_es, text_en, text_pt]) FROM law
    UNION ALL SELECT situation, 'organisations.toml, text', unnest([text_es, text_en, text_pt]) FROM definitions
    UNION ALL SELECT situation, 'events.csv, title', unnest([title_es, title_en, title_pt]) FROM events
)
SELECT DISTINCT situation, place, words FROM texts
WHERE situation IN (SELECT unnest($situations)) AND regexp_matches(words, '[^\x00-\x40a-z]\w+\W+(?:\w+\W+){0,2}[^\x00-\x40a-z]\w')
ORDER BY ALL;
