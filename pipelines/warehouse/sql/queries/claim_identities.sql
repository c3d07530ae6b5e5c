-- One row is the identity of one row of `stated`, in its order.
SELECT claim_identity(
    situation, organisation, measure, population, breakdown, qualifier, value, value_high,
    period_start, as_of, published, publisher, url
) AS claim_id
FROM stated
ORDER BY position;
