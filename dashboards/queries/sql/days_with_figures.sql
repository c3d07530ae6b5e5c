-- One row is one day of which a named organisation published a figure that stands without a doubt, in a span of days.
SELECT organisation, day
FROM organisation_days
WHERE situation = $situation AND day BETWEEN $since AND $until
ORDER BY organisation, day;
