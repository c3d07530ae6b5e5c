-- One row is one code of the mapping or of the situation, as it is compared: without case, accents and signs. And how a
-- cell is read.
CREATE MACRO says(cell) AS coalesce(trim(cell), '') <> '';

CREATE MACRO spell(cell) AS
    nullif(trim(regexp_replace(strip_accents(lower(cell)), '[^a-z0-9]+', '_', 'g'), '_'), '');

CREATE MACRO keyed(cell) AS CASE WHEN says(cell) THEN hash(trim(cell), getvariable('salt')) END;

CREATE MACRO in_living_memory(moment) AS CASE WHEN moment >= TIMESTAMP '1900-01-01' THEN moment END; -- 26-01-05 is no day

CREATE MACRO read_moment(cell) AS in_living_memory(
    coalesce(try_strptime(trim(cell), getvariable('formats')::VARCHAR[]), try_cast(trim(cell) AS TIMESTAMP))
);

CREATE MACRO never() AS TIMESTAMP '9999-01-01'; -- when who has no exit leaves

-- The order of rows of one entry: who has no exit comes before who left on a later day, so that the exit is not lost,
-- and after who left on that day, and was brought in again.
CREATE MACRO ends_in_turn(entered, left_on) AS coalesce(left_on, entered::DATE + INTERVAL '23:59:59.999999');

-- The part of a code that is in no list: the mapping's `others`, or a sign for unknown. An empty cell is no part.
CREATE MACRO stand_in(key, code) AS
    CASE WHEN code IS NOT NULL THEN coalesce(map_extract_value(getvariable('others'), key), '?') END;

CREATE TABLE codes AS
SELECT key, spell(raw) AS spelled, part, goes_to, stated
FROM codes_arriving
QUALIFY row_number() OVER (PARTITION BY key, spelled ORDER BY stated DESC, part) = 1; -- the mapping's word stands first

CREATE MACRO out_day(ends) AS
    CASE WHEN ends < never() THEN ends::DATE + CASE WHEN getvariable('over_day') THEN 1 ELSE 0 END END;

-- A row is one number: the office that it is of (0 where there is one list) above, the line of its list below.
CREATE MACRO number_row(office, line) AS (office::BIGINT << 40) + line;

CREATE MACRO office_of(number) AS number >> 40;

CREATE MACRO line_of(number) AS number & ((1::BIGINT << 40) - 1);

-- The key of a row of grouping sets: the column that it is grouped by.
CREATE MACRO part_of(of_sex, of_service, of_nationality, of_sentenced, of_mechanism) AS
    CASE 0 WHEN of_sex THEN 'sex' WHEN of_service THEN 'service' WHEN of_nationality THEN 'nationality'
        WHEN of_sentenced THEN 'sentenced' WHEN of_mechanism THEN 'mechanism' ELSE 'total' END;
