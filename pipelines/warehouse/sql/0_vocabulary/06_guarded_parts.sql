-- Whether one part of a breakdown concerns children, health or a facility. Under `age`, only adults do not.
CREATE MACRO is_sensitive(part) AS
    starts_with(part, 'health=')
    OR starts_with(part, 'facility=')
    OR (starts_with(part, 'age=') AND NOT regexp_matches(part, '^age=(adult|over_.*)$'))
    OR regexp_matches(part, '^group=.*(illness|disab|pregnan)');

-- A breakdown without one of its parts: `sex=female` without itself is the total.
CREATE MACRO without_part(breakdown, part) AS
    coalesce(
        nullif(array_to_string(list_filter(string_split(breakdown, ';'), lambda other: other <> part), ';'), ''),
        'total'
    );

-- Whether a breakdown can hold such a cell, or one beside it that would give it away.
CREATE MACRO is_guarded(breakdown) AS
    contains(breakdown, '=') AND (
        contains(breakdown, 'age=') OR contains(breakdown, 'health=') OR contains(breakdown, 'facility=')
        OR contains(breakdown, 'group=')
    );
