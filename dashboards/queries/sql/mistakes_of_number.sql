-- One row is one mistake of ours of which this number was shown: it was wrong itself, or who gave it, or what it counts; of
-- its moment alone only on the front page. Those of the front page come first.
SELECT *
FROM own_corrections
WHERE situation = $situation
    AND old_value = $number
    AND (
        front_page
        OR new_value IS DISTINCT FROM old_value
        OR new_organisation IS DISTINCT FROM old_organisation
        OR new_measure IS DISTINCT FROM old_measure
        OR new_breakdown IS DISTINCT FROM old_breakdown
    )
ORDER BY front_page DESC, position
LIMIT $limit;
