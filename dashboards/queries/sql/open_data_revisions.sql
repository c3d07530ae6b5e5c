-- One row is one figure of a situation that changed later: what was said before, and what stands instead.
SELECT
    situation, organisation, measure::VARCHAR AS measure, population, breakdown, period_start, as_of,
    cause::VARCHAR AS cause, revision,
    old_qualifier::VARCHAR AS old_qualifier, old_value, old_published, old_publisher, old_claim,
    new_qualifier::VARCHAR AS new_qualifier, new_value, new_published, new_publisher, new_claim,
    change_low, change_high, days_late, reason
FROM revisions
WHERE situation = $situation
ORDER BY new_published DESC, organisation, as_of DESC, measure, breakdown, new_claim, old_claim;
