-- One row is a time that a person was held in one facility: a placement, or a stay where the list has no more.
CREATE VIEW rows_held AS
SELECT entered, ends, facility
FROM rows_placed
WHERE getvariable('joins') AND pair_fault IS DISTINCT FROM 'twice'
UNION ALL
SELECT entered::TIMESTAMP, coalesce(left_on::TIMESTAMP, never()), facility
FROM stays
WHERE NOT getvariable('joins');
