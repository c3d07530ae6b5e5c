-- One row is one situation, the default one first, those of other groups last.
SELECT settings FROM situations ORDER BY is_default DESC, settings ->> '$.signed_by' IS NOT NULL, situation;
