-- A claim's identity is everything that was stated, by whom, when and where: sixteen hex digits.
CREATE MACRO identity_subject(situation, organisation, measure, population, breakdown) AS
    concat_ws('|', situation, organisation, measure, population, breakdown);
CREATE MACRO identity_amount(qualifier, value, value_high) AS
    concat_ws('|', qualifier, coalesce(value, -1), coalesce(value_high, -1));
CREATE MACRO identity_source(period_start, as_of, published, publisher, url) AS concat_ws('|',
    coalesce(epoch(period_start), 0), coalesce(epoch(as_of), 0), coalesce(epoch(published), 0),
    publisher, coalesce(url, '')
);
CREATE MACRO identity_digits(subject, amount, source) AS md5(concat_ws('|', subject, amount, source));
CREATE MACRO claim_identity(
    situation, organisation, measure, population, breakdown, qualifier, value, value_high,
    period_start, as_of, published, publisher, url
) AS left(identity_digits(
    identity_subject(situation, organisation, measure, population, breakdown),
    identity_amount(qualifier, value, value_high),
    identity_source(period_start, as_of, published, publisher, url)
), 16);

-- The id of a claim that is not published as it stands. Nothing that stays out is in it, or it could be had by trying; `told`
-- is null where its amount stays out. `nth` parts claims of which all else is told alike.
CREATE MACRO masked_identity(
    reason, situation, organisation, measure, population, breakdown, told, period_start, as_of, published, publisher, url, nth
) AS left(md5(concat_ws('|',
    reason, situation, organisation, measure, population, breakdown, told, period_start, as_of, published, publisher, url, nth
)), 16);
