-- One row is one row read that does not count, and why; the first five hundred of each kind.
(
    SELECT 'pending' AS state, file, place, reason, raw
    FROM pending
    WHERE situation = $situation
    ORDER BY file, place
    LIMIT 500
)
UNION ALL
(
    SELECT 'quarantined' AS state, file, place, reason, raw
    FROM quarantine
    WHERE situation = $situation
    ORDER BY file, place
    LIMIT 500
)
ORDER BY state, file, place;
