-- A day in words, for the sentences of reasons.
CREATE MACRO spoken_day_es(day) AS
    CASE WHEN day IS NOT NULL THEN concat(day(day), ' de ', [
        'enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre',
        'noviembre', 'diciembre'
    ][month(day)], ' de ', year(day)) END;

CREATE MACRO spoken_day_en(day) AS
    CASE WHEN day IS NOT NULL THEN concat(day(day), ' ', monthname(day), ' ', year(day)) END;
