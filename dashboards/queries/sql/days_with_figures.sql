-- One row is one day of which a named organisation published a figure that stands without a doubt, in a span of days, of
-- the `most` organisations with most such days, and at least `least`.
WITH days AS NOT MATERIALIZED (
    FROM organisation_days WHERE situation = $situation AND day BETWEEN $since AND $until
),
chosen AS (
    SELECT organisation
    FROM days
    GROUP BY organisation
    HAVING count(*) >= $least
    ORDER BY count(*) DESC, organisation
    LIMIT $most
)
SELECT organisation, day FROM days SEMI JOIN chosen USING (organisation)
ORDER BY organisation, day;
