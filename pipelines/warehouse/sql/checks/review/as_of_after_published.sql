-- One row is one figure of a day that had not come when it was published. Promises may be.
CREATE MACRO rule_as_of_after_published(source) AS TABLE
SELECT
    'as_of_after_published' AS rule, situation, organisation, measure, population, breakdown, period_start, as_of,
    published,
    CASE WHEN withheld THEN [NULL::BIGINT] ELSE [value] END AS amounts, [claim_id] AS claims,
    1::BIGINT AS people, greatest(value, 1) AS largest, known_from, known_until
FROM query_table(source)
WHERE as_of > published AND kind <> 'promise';
