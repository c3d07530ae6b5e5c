-- A claim's identity is everything that was stated, by whom, when and where: sixteen hex digits.
CREATE MACRO claim_identity(
    situation, organisation, measure, population, breakdown, qualifier, value, value_high,
    period_start, as_of, published, publisher, url
) AS left(md5(concat_ws('|',
    situation, organisation, measure, population, breakdown, qualifier,
    coalesce(value, -1), coalesce(value_high, -1), coalesce(epoch(period_start), 0),
    coalesce(epoch(as_of), 0), coalesce(epoch(published), 0), publisher, coalesce(url, '')
)), 16);
