-- One row is one key of the closed list of breakdowns.
CREATE TABLE breakdown_keys (key VARCHAR PRIMARY KEY);

-- The keys by which a part is divided: `sex` of `sex=female`, `age;sex` of `age=adult;sex=female`.
CREATE MACRO key_of(breakdown) AS
    array_to_string(list_transform(string_split(breakdown, ';'), lambda part: split_part(part, '=', 1)), ';');
