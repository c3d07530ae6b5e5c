-- One row is one withheld claim whose id comes out of a small value: ids are tried as anyone could try them. One that is
-- made of nothing but what is published beside it tells nothing: of many claims only the others are tried.
WITH withheld AS MATERIALIZED (
    SELECT
        claim_id, identity_subject(situation, organisation, measure, population, breakdown) AS subject,
        identity_source(period_start, as_of, published, publisher, url) AS source
    FROM claims
    WHERE suppressed AND claim_id <> masked_identity(
        'withheld', situation, organisation, measure, population, breakdown, NULL, period_start, as_of, published,
        publisher, url, 1
    )
),
amounts AS MATERIALIZED (
    SELECT identity_amount(word, value, NULL::BIGINT) AS amount, value
    FROM words, range((SELECT max((settings ->> 'small_cell')::INTEGER) FROM situations)) AS small(value)
    WHERE list = 'qualifier'
)
SELECT claim_id, value
FROM withheld, amounts
WHERE starts_with(identity_digits(subject, amount, source), claim_id);
