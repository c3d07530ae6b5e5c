-- What is left of a text that spells a guarded part out: its numbers, in whole words, are `…`. What counts nobody stays:
-- times, dates, places that have a number for a name, and articles and negations that do not count such people.
-- Every number is looked at in plain letters, with what stands `before` and `after` it.

-- A date is one word, a number with its marks another; letters are those of any alphabet.
CREATE MACRO words_of(t) AS regexp_extract_all(
    t, '\p{N}{4}-\p{N}{2}-\p{N}{2}|[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+|[^\p{L}\p{M}\p{N}]+'
);

CREATE MACRO gap() AS '[^\p{L}\p{N}.;]+';

-- More than `numbers_spelled`: once a text spells a part its larger numbers go as well, in every language of its row.
CREATE MACRO is_number(word) AS regexp_full_match(
    word,
    '\p{N}+([.,:]\p{N}+)*|' || numbers_spelled() || '|(thir|four|fif|six|seven|eigh|nine)teen|(twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|trece|catorce|quince|dieci[a-z]+|veint[a-z]+|(tre|cuare|cincue|sese|sete|oche|nove)nta|cien|cientos?|[a-z]+cientos|mil|tre[sz]e|quatorze|quinze|dez[ae]ss?[a-z]+|dezoito|dezenove|vinte|(tri|quare|cinque|sesse|oite)nta|cem|cento|[a-z]+centos'
);

CREATE MACRO is_article_or_negation(word) AS regexp_full_match(word, 'an?|una?|uma?|no');

CREATE MACRO guarded_people_counted() AS
    '(' || guarded_words_english() || '|' || guarded_words_romance() || '|(1[0-7]|[0-9])[- ](years?[- ]old|anos de (edad|idade))|aged (1[0-7]|[0-9])|(joven|jovem|chic[oa]|muchach[oa]|estudiante|estudante|menin[oa]|garot[oa]) de (1[0-7]|[0-9]) anos)\b';

CREATE MACRO people_counted() AS
    '((political )?(prisoners?|inmates?|detainees?|people|persons?)|(pres|reclus|detenid|detid|prisioner|prisioneir|intern)[oa]s?|personas?|pessoas?)\b';

-- `tres adolescentes`, `dos de los presos`, `um dos menores`, `one of the sick`
CREATE MACRO opens_with(after, people) AS regexp_matches(
    after,
    '^' || gap() || '((((de|of)' || gap() || '(los|las|the))|d[oa]s)' || gap() || ')?' || people
);

CREATE MACRO units_of_time() AS
    '([-–]\p{N}+)?[ -]?((hours?|horas?|days?|dias?|weeks?|semanas?|months?|mes|meses|years?|anos?|minutes?|minutos?|nights?|noches?|noites?)\b|[ap]\.?m\b)';

CREATE MACRO is_time(word, after) AS
    regexp_matches(after, '^' || units_of_time())
    OR (regexp_matches(word, '(ty|nte|nta)$') AND regexp_matches(after, '^(-| y | e )[a-z]+' || units_of_time()));

CREATE MACRO months_english() AS
    '(january|february|march|april|may|june|july|august|september|october|november|december)';

-- `3 de mayo`, `3 May`, `May 3, 2026`, `since May 3.`, and `28J`, a day that people remember
CREATE MACRO is_day(word, before, after, after_as_written) AS
    regexp_full_match(word, '[1-9]|[12][0-9]|3[01]') AND (
        regexp_matches(after, '^([-–][0-9]{1,2})?(st|nd|rd|th)? (de |of )?(enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro|january|february|april|june|july|august|september|october|november|december)\b')
        OR regexp_matches(after_as_written, '^([-–][0-9]{1,2})?(st|nd|rd|th)? (of )?(March|May)\b')
        OR (regexp_matches(before, '\b' || months_english() || ' $') AND regexp_matches(after, '^(st|nd|rd|th)?,? (19|20)[0-9]{2}\b'))
        OR (regexp_matches(before, '\b(on|since|until) ' || months_english() || ' $') AND regexp_matches(after, '^ *($|[,.;)])'))
        OR (regexp_matches(before, '\b(el|al|del|o|ao|do|the) $') AND regexp_matches(after_as_written, '^[A-Z]($|[^\p{L}\p{N}])'))
    );

CREATE MACRO is_year(word, before) AS
    regexp_full_match(word, '(19|20)[0-9]{2}')
    AND regexp_matches(before, '\b(en|em|in|de|del|do|of|desde|since|hasta|ate|until|para|ano|year|' || months_english() || ',?|' || months_english() || ' [0-9]{1,2},?) $')
    AND NOT regexp_matches(before, '\b(mas|mais|more|menos|total|cerca|alrededor|un[oa]s|grupo|group) (de|del|do|of) $');

CREATE MACRO is_hour(word, before) AS
    regexp_full_match(word, '[0-9]{1,2}:[0-5][0-9]') AND regexp_matches(before, '\b(a las|las|at|as) $');

CREATE MACRO ends_with_facility(t) AS
    coalesce(regexp_matches(t, '\b' || getvariable('facility_words') || '$'), false);

-- `Zona 7`: a listed facility, or one of the rooms, wings and floors that places have.
CREATE MACRO is_name_of_a_place(word, before) AS
    regexp_matches(before, '\b(zon[ae]|torre|tower|pabellon|pavilhao|pavilion|modulo|module|celda|cela|cell|sector|setor|bloque|bloco|block|piso|floor) $')
    OR ends_with_facility(before || word);

-- The 7 of `Zona 7` and the 16 of `16 years` count nobody, but are themselves of the words that name a guarded part.
CREATE MACRO names_part(word, before, after) AS
    ends_with_facility(before || word)
    OR (regexp_full_match(word, '1[0-7]|[0-9]') AND regexp_matches(after, '^[- ]?(years?|anos?)\b'));

-- An article or a negation counts guarded people within two words, and those in a listed facility at once; alone after a
-- comma, before a mark or before a preposition it stands for one of those that were just named.
-- `a` is a number in English alone: not in `liberan a menores`, `a Corte`.
CREATE MACRO article_counts(word, before, after, in_facility) AS CASE
    WHEN word = 'a' THEN
        opens_with(after, '([a-z]+ )?(' || guarded_words_english() || '|(1[0-7]|[0-9])[- ]years?[- ]old)\b')
        OR (in_facility AND opens_with(after, '(political )?(prisoner|inmate|detainee|person)\b'))
    WHEN opens_with(after, '([\p{L}\p{N}]+' || gap() || ')?' || guarded_people_counted()) THEN true
    WHEN in_facility AND opens_with(after, people_counted()) THEN true
    WHEN word IN ('an', 'no') THEN word = 'no' AND in_facility AND opens_with(after, '[a-z]+ ' || people_counted())
    ELSE regexp_matches(after, '^ *($|[,.;:)])|^ (en|em|na|no|entre|y|e|con|com|sin|sem|de ell[oa]s|del[ea]s)\b|^ (o|ou) ' || numbers_spelled() || '\b')
        OR regexp_matches(before, '\b' || guarded_people_spelled() || '\b[^.;]{0,20}[,:] $')
END;

CREATE MACRO counts_nobody(word, before, after, after_as_written, in_facility) AS
    is_time(word, after)
    OR CASE
        WHEN is_article_or_negation(word) THEN NOT article_counts(word, before, after, in_facility)
        WHEN is_day(word, before, after, after_as_written) OR is_hour(word, before) THEN true
        WHEN opens_with(after, guarded_people_counted()) OR opens_with(after, people_counted()) THEN false
        ELSE is_year(word, before) OR is_name_of_a_place(word, before)
    END;

-- One row of the list is one number of a text with what stands before it and after it, to the next `rest`; the first has
-- none. Numbers are marked first, since a list that every word looks at is copied for each.
CREATE MACRO numbers_of(t) AS list_transform(
    [string_split(
        array_to_string(list_transform(words_of(t), lambda word: CASE WHEN is_number(plain_letters(word)) THEN chr(1) || word || chr(2) ELSE word END), ''),
        chr(1)
    )],
    lambda pieces: list_transform(pieces, lambda piece, i: {
        'number': CASE WHEN i > 1 THEN split_part(piece, chr(2), 1) ELSE '' END,
        'rest': CASE WHEN i > 1 THEN split_part(piece, chr(2), 2) ELSE piece END,
        'before': right(replace(array_to_string(pieces[:i - 1], ''), chr(2), ''), 80),
        'after': left(replace(split_part(piece, chr(2), 2) || array_to_string(pieces[i + 1:], ''), chr(2), ''), 80)
    })
)[1];

CREATE MACRO mentions_facility(t) AS
    coalesce(regexp_matches(plain_letters(t), '\b' || getvariable('facility_words') || '\b'), false);

-- A text with `masked` for its numbers that may count people and `harmless` for those that neither count anybody nor name
-- a part; null leaves them as they stand.
CREATE MACRO with_numbers_as(t, masked, harmless) AS array_to_string(list_transform(
    list_transform(numbers_of(t), lambda each: {
        'number': each.number, 'rest': each.rest, 'word': plain_letters(each.number), 'before': plain_letters(each.before),
        'after': plain_letters(each.after), 'as_written': each.after, 'in_facility': mentions_facility(each.before || each.number || each.after)
    }),
    lambda each: CASE
        WHEN each.number = '' THEN ''
        WHEN NOT counts_nobody(each.word, each.before, each.after, each.as_written, each.in_facility)
        THEN coalesce(masked, each.number)
        WHEN names_part(each.word, each.before, each.after) THEN each.number
        ELSE coalesce(harmless, each.number)
    END || each.rest
), '');

-- The texts of one row in its languages. Where one of them spells a part, although what counts nobody is no number, the
-- numbers of all go: the others would tell.
CREATE MACRO without_spelled_in_any(texts) AS CASE
    WHEN list_bool_or(list_transform(texts, lambda t: spells_part(t)))
        AND list_bool_or(list_transform(list_transform(texts, lambda t: with_numbers_as(t, NULL, '·')), lambda t: spells_part(t)))
    THEN list_transform(texts, lambda t: with_numbers_as(t, '…', NULL))
    ELSE texts
END;

CREATE MACRO without_numbers(t) AS with_numbers_as(t, '…', NULL);

-- A text of our own or of a person at the desk, without its numbers where it spells a part.
CREATE MACRO without_spelled(t) AS CASE WHEN spells_part(t) THEN without_spelled_in_any([t])[1] ELSE t END;
