-- One row is how many came to be held, or ceased to be, entered, left, were released or died on one day, of one part.
-- This is the sweep: every head count is a running sum of it, every count of a window a sum. A day has one row a part.
CREATE TABLE changes AS
WITH entries AS (
    SELECT
        entered AS day, sex, service, nationality, sentenced,
        GROUPING(sex) AS of_sex, GROUPING(service) AS of_service, GROUPING(nationality) AS of_nationality,
        GROUPING(sentenced) AS of_sentenced, count(*) AS people
    FROM stays
    GROUP BY GROUPING SETS ((day), (day, sex), (day, service), (day, nationality), (day, sentenced))
),
outs AS (
    SELECT
        out_day AS day, sex, service, nationality, sentenced,
        GROUPING(sex) AS of_sex, GROUPING(service) AS of_service, GROUPING(nationality) AS of_nationality,
        GROUPING(sentenced) AS of_sentenced, count(*) AS people
    FROM stays
    WHERE out_day IS NOT NULL
    GROUP BY GROUPING SETS ((day), (day, sex), (day, service), (day, nationality), (day, sentenced))
),
exits AS (
    SELECT
        left_on AS day, goes_to, sex, service, nationality, sentenced, mechanism,
        GROUPING(sex) AS of_sex, GROUPING(service) AS of_service, GROUPING(nationality) AS of_nationality,
        GROUPING(sentenced) AS of_sentenced, GROUPING(mechanism) AS of_mechanism, count(*) AS people
    FROM stays
    WHERE left_on IS NOT NULL
    GROUP BY GROUPING SETS (
        (day, goes_to), (day, goes_to, sex), (day, goes_to, service), (day, goes_to, nationality),
        (day, goes_to, sentenced), (day, goes_to, mechanism)
    )
),
aged AS ( -- a person's age changes within a stay: each stay from and to the days on which its group is reached and left
    SELECT
        part, greatest(stays.entered, born + to_years(first_year)) AS starts,
        least(out_day, (born + to_years(last_year + 1))::DATE) AS stops,
        (stays.entered >= born + to_years(first_year) AND stays.entered < born + to_years(last_year + 1)) AS enters,
        left_on >= born + to_years(first_year) AND left_on < born + to_years(last_year + 1) AS leaves,
        stays.entered, left_on, goes_to
    FROM stays CROSS JOIN ages
    WHERE born IS NOT NULL
)
SELECT 'held' AS counted, part_of(of_sex, of_service, of_nationality, of_sentenced, 1) AS key,
    coalesce(sex, service, nationality, sentenced, '') AS part, day, people
FROM entries
UNION ALL
SELECT 'held', part_of(of_sex, of_service, of_nationality, of_sentenced, 1),
    coalesce(sex, service, nationality, sentenced, ''), day, -people
FROM outs
UNION ALL
SELECT 'detained', part_of(of_sex, of_service, of_nationality, of_sentenced, 1),
    coalesce(sex, service, nationality, sentenced, ''), day, people
FROM entries
UNION ALL
SELECT goes_to, part_of(of_sex, of_service, of_nationality, of_sentenced, of_mechanism),
    coalesce(sex, service, nationality, sentenced, mechanism, ''), day, people
FROM exits
UNION ALL
SELECT 'held', 'facility', facility, day, people FROM places
UNION ALL
SELECT 'held', 'age', part, starts::DATE, count(*) FROM aged WHERE starts < coalesce(stops, never()) GROUP BY ALL
UNION ALL
SELECT 'held', 'age', part, stops, -count(*) FROM aged WHERE starts < stops GROUP BY ALL
UNION ALL
SELECT 'detained', 'age', part, entered, count(*) FROM aged WHERE enters GROUP BY ALL
UNION ALL
SELECT goes_to, 'age', part, left_on, count(*) FROM aged WHERE leaves GROUP BY ALL;
