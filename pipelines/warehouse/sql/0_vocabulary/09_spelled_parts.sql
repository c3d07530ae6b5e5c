-- Whether a text spells out how many of a guarded part there are: a number, in digits or words of the three languages,
-- near a word for minors, for adults (the rest is minors) or for the ill, or near a listed facility (`facility_words`).
CREATE MACRO numbers_spelled() AS
    '([0-9][0-9.,]*|un|una|uno|one|an?|um|uma|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|dois|duas|quatro|sete|oito|nove|dez|onze|doze|both|ambos|ambas|pair|couple|par|dupla|trio|dozen|docena|duzia|only|sole|single|unic[oa]|sol[oa]|half|mitad|metade|zero|cero|none|no|ningun[oa]?|nenhum[a]?)';

CREATE MACRO guarded_words_english() AS
    'minors?|adolescents?|child(ren)?|teen[a-z]*|juveniles?|underage|infants?|bab(y|ies)|girls?|boys?|adults?|ill|illness|sick[a-z]*|disab[a-z]*|pregnan[a-z]*';

CREATE MACRO guarded_words_romance() AS
    'adolescen[a-z]*|menor(es)?( de edad| de idade)?|nin[oa]s?|criancas?|infan[a-z]*|bebes?|adultos?|adultas?|mayores de edad|maiores de idade|enferm[a-z]*|discap[a-z]*|embaraz[a-z]*|doente[a-z]*|doencas?|deficien[a-z]*|gravid[a-z]*';

CREATE MACRO guarded_people_spelled() AS
    '(' || guarded_words_english() || '|' || guarded_words_romance() || '|(1[0-7]|[0-9])[- ]?(years?|anos?)([- ]old)?|aged (1[0-7]|[0-9])|health|salud|saude)';

CREATE MACRO plain_letters(t) AS lower(strip_accents(replace(t, '_', ' ')));

CREATE MACRO mentions_part(t) AS regexp_matches(
    regexp_replace(plain_letters(t), '[_=;/-]', ' ', 'g'), '\b' || guarded_people_spelled() || '\b'
);

CREATE MACRO spells_part(t) AS coalesce(
    regexp_matches(plain_letters(t), '\b' || numbers_spelled() || '\b[^.;]{0,40}\b' || guarded_people_spelled() || '\b')
    OR regexp_matches(plain_letters(t), '\b' || guarded_people_spelled() || '\b[^.;]{0,25}\b' || numbers_spelled() || '\b')
    OR (getvariable('facility_words') IS NOT NULL AND (
        regexp_matches(plain_letters(t), '\b' || numbers_spelled() || '\b[^.;]{0,40}\b' || getvariable('facility_words') || '\b')
        OR regexp_matches(plain_letters(t), '\b' || getvariable('facility_words') || '\b[^.;]{0,25}\b' || numbers_spelled() || '\b')
    )),
    false
);

-- An address may say as much in its last words: `…/liberan-a-tres-adolescentes`; what is left of it says where it was.
CREATE MACRO address_spells_part(address) AS coalesce(regexp_matches(
    plain_letters(address),
    '[-/_]' || replace(numbers_spelled(), '[0-9][0-9.,]*', '[0-9]{1,2}') || '[-_]([a-z]+[-_]){0,4}' || replace(guarded_people_spelled(), ' ', '[-_]') || '([-_/.?]|$)'
), false);

CREATE MACRO address_unspelled(address) AS
    CASE WHEN address_spells_part(address) THEN regexp_extract(address, '^[a-z]+://[^/]+/') ELSE address END;
