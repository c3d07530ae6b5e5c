-- One row is one figure that one of these claims changed.
FROM revisions
WHERE situation = $situation AND new_claim IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY new_published DESC, organisation, as_of DESC, measure, breakdown, new_claim;
