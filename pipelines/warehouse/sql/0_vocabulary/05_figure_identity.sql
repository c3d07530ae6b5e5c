-- A figure's identity is what it is about, not what it says: one organisation's count of one thing at one moment, or
-- over one stated window. It stays when the value is revised; sixteen hex digits.
CREATE MACRO figure_identity(situation, organisation, measure, population, breakdown, stated_start, as_of) AS
    left(md5(concat_ws('|',
        situation, organisation, measure, population, breakdown,
        coalesce(stated_start::VARCHAR, '-'), coalesce(as_of::VARCHAR, '-')
    )), 16);
