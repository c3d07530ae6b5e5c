-- One row is one situation, the default one first.
SELECT settings FROM situations ORDER BY is_default DESC, situation;
