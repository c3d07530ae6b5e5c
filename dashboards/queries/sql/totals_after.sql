-- One row is one total of one measure that is of after a day, whoever states it, in doubt or not, as known on a day.
SELECT
    organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, as_of_precision, qualifier, value, value_high, doubt, checked, origins, provenance, publisher, url, claim_id
FROM statements_as_known_on($known_on)
WHERE (standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL))
    AND situation = $situation
    AND measure = $measure
    AND breakdown = 'total'
    AND as_of > $after
    AND value IS NOT NULL
    AND NOT suppressed
ORDER BY as_of DESC, published DESC, claim_id;
