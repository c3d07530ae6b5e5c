-- One row is one day, from a day on, on which figures were published, read again or corrected here; the earliest first.
SELECT DISTINCT day
FROM (
    SELECT published AS day FROM statements WHERE situation = $situation
    UNION ALL
    SELECT checked_on FROM statements
    WHERE situation = $situation AND checked IN ('read_again', 'read_again_in_copy')
    UNION ALL
    SELECT decided FROM own_corrections WHERE situation = $situation
)
WHERE day >= $since
ORDER BY day;
