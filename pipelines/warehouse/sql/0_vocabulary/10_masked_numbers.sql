-- What is left of a text that spells a guarded part out: its numbers, in whole words, are `…`. What counts nobody stays;
-- `disclosure/masked_numbers.py` tells which numbers do. All temporary, since a reader of the file has no `mask_numbers`.
CREATE TEMP MACRO words_for_numbers() AS [
    numbers_spelled(), guarded_words_english(), guarded_words_romance(), guarded_people_spelled(), getvariable('facility_words')
];

CREATE TEMP MACRO without_numbers_in_any(texts) AS mask_numbers(texts, '…', NULL, words_for_numbers());

-- Whether one of the texts spells a part; no pattern reaches past a semicolon.
CREATE TEMP MACRO any_spells_part(texts) AS spells_part(array_to_string(texts, ' ; '));

-- The texts of one row in its languages. Where one of them spells a part, although what counts nobody is no number, the
-- numbers of all go: the others would tell.
CREATE TEMP MACRO without_spelled_in_any(texts) AS CASE
    WHEN NOT any_spells_part(texts) THEN texts
    WHEN any_spells_part(mask_numbers(texts, NULL, '·', words_for_numbers())) THEN without_numbers_in_any(texts)
    ELSE texts
END;

CREATE TEMP MACRO without_numbers(t) AS without_numbers_in_any([t])[1];

-- A text of our own or of a person at the desk, without its numbers where it spells a part.
CREATE TEMP MACRO without_spelled(t) AS without_spelled_in_any([t])[1];
