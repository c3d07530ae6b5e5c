-- One row is what one organisation counts under one measure, with the days across which nothing is computed.
CREATE MACRO unbridged_breaks_as_known_on(known_on) AS TABLE
SELECT situation, organisation, measure, population, list(happened ORDER BY happened) AS days
FROM definition_breaks_as_known_on(known_on)
WHERE NOT bridged
GROUP BY ALL;

-- Whether one of those days lies after `opens` and not after `closes`; a list that is null has none.
CREATE MACRO broken_between(days, opens, closes) AS
    coalesce(len(list_filter(days, lambda day: day > opens AND day <= closes)) > 0, false);
