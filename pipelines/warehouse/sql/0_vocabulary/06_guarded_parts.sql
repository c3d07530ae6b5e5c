-- What is sensitive, and under which names: the only place that says so. Everything else asks these macros.
-- Words stand in the values of any key and in the names of populations, in the languages of the reports.
CREATE MACRO minors_words() AS
    '(^|_)(minors?|adolescen[a-z]*|child(ren)?|teen[a-z]*|juveniles?|underage|under_?1[0-8]|menor(es)?|ni[nñ][oa]s?|crian[cç]as?|infan[a-z]*|bab(y|ies)|beb[eé]s?|schoolchildren|girls?|boys?)(_|$)';

CREATE MACRO health_words() AS
    '(^|_)(ill|illness|sick[a-z]*|disab[a-z]*|pregnan[a-z]*|enferm[a-z]*|discap[a-z]*|embaraz[a-z]*|doente[a-z]*|doen[cç]a[a-z]*|defici[a-z]*|gr[aá]vid[a-z]*|hospital[a-z]*|cancer|hiv|injured|wounded)(_|$)';

CREATE MACRO is_adult_age(part) AS
    regexp_matches(part, '^age=(adults?|over_(1[89]|[2-9][0-9])(_.*)?|over_[a-z].*)$');

-- A part under the name that all names of the same people share: `group=minors` is `age=minor`, `place=` a prison that
-- is listed as a facility is that facility. Parts that are nobody's other name stay as they are.
CREATE MACRO canonical_part(part, facilities) AS
    CASE
        WHEN part IN ('total', 'age=adult') THEN part
        WHEN is_adult_age(part) THEN CASE WHEN part IN ('age=adults', 'age=over_18') THEN 'age=adult' ELSE part END
        WHEN regexp_matches(part, '^age=(child|infan|bab|beb|crian|under_?1[0-5])') THEN 'age=child'
        WHEN regexp_matches(split_part(part, '=', 2), minors_words()) THEN 'age=minor'
        WHEN starts_with(part, 'facility=')
            OR (starts_with(part, 'place=') AND list_contains(facilities, regexp_replace(split_part(part, '=', 2), '^(el|la|los|las|the|o|a)_', '')))
        THEN 'facility=' || regexp_replace(split_part(part, '=', 2), '^(el|la|los|las|the|o|a)_', '')
        WHEN NOT regexp_matches(part, '^(health|group)=') AND regexp_matches(split_part(part, '=', 2), health_words())
        THEN 'health=' || split_part(part, '=', 2)
        ELSE part
    END;

-- A breakdown and the population that it is of, with every part under its shared name; a population that is itself of
-- minors or of the ill is such a part.
CREATE MACRO canonical_breakdown(breakdown, population, facilities) AS
    coalesce(nullif(array_to_string(list_sort(list_distinct(list_filter(
        list_transform(string_split(breakdown, ';'), lambda part: canonical_part(part, facilities))
        || [CASE
            WHEN regexp_matches(population, minors_words()) THEN 'age=minor'
            WHEN regexp_matches(population, health_words()) THEN 'health=' || population
            ELSE 'total'
        END],
        lambda part: part <> 'total'
    ))), ';'), ''), 'total');

-- Whether one part of a breakdown, under its shared name, concerns children, health or a facility.
CREATE MACRO is_sensitive(part) AS
    starts_with(part, 'health=')
    OR starts_with(part, 'facility=')
    OR (starts_with(part, 'age=') AND NOT is_adult_age(part))
    OR (starts_with(part, 'group=') AND regexp_matches(split_part(part, '=', 2), health_words()));

-- A breakdown without one of its parts: `sex=female` without itself is the total.
CREATE MACRO without_part(breakdown, part) AS
    coalesce(
        nullif(array_to_string(list_filter(string_split(breakdown, ';'), lambda other: other <> part), ';'), ''),
        'total'
    );

-- Whether a cell can be such a one, or one beside it that would give it away. Such rows wait outside the file that is
-- published until that is known, so this asks for more than will be withheld.
CREATE MACRO is_guarded(breakdown, population) AS
    (contains(breakdown, '=') AND (
        regexp_matches(breakdown, '(^|;)(age|health|facility|group|place)=')
        OR regexp_matches(regexp_replace(breakdown, '[;=]', '_', 'g'), minors_words())
        OR regexp_matches(regexp_replace(breakdown, '[;=]', '_', 'g'), health_words())
    ))
    OR coalesce(regexp_matches(population, minors_words()) OR regexp_matches(population, health_words()), false);
