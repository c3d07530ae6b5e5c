-- The fewest and the most people that a statement's words allow; null is open. "About" allows a twentieth either way.
-- `pipelines/core/bounds.py` says the same for what has not been loaded, and a test holds the two together.
CREATE MACRO bounds_low(qualifier, value) AS
    CASE qualifier
        WHEN 'more_than' THEN value + 1
        WHEN 'about' THEN value * 19 // 20
        WHEN 'at_most' THEN NULL
        WHEN 'less_than' THEN NULL
        ELSE value
    END;

CREATE MACRO bounds_high(qualifier, value, value_high) AS
    CASE qualifier
        WHEN 'at_least' THEN NULL
        WHEN 'more_than' THEN NULL
        WHEN 'less_than' THEN value - 1
        WHEN 'about' THEN (value * 21 + 19) // 20
        WHEN 'range' THEN value_high
        ELSE value
    END;

-- Whether a number may be a rounded one: "300" beside "more than 300" is the same said shorter.
CREATE MACRO is_round(value) AS value >= 20 AND value % 10 = 0;
