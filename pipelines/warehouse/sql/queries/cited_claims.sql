-- One row is one claim of a situation as its report states it, or as a person corrected what was read there, with the
-- verdict of its latest reading by a day; those of one page stand together. `named` is what its sheet says in place of what
-- was corrected: readings name it by that.
SELECT
    claims.claim_id, claims.organisation, coalesce(known.measure, claims.measure) AS measure,
    coalesce(known.breakdown, claims.breakdown) AS breakdown, coalesce(known.qualifier, claims.qualifier) AS qualifier,
    coalesce(known.value, claims.value) AS value,
    CASE WHEN known.claim_id IS NULL THEN claims.value_high ELSE known.value_high END AS value_high,
    CASE WHEN known.claim_id IS NULL THEN claims.as_of ELSE known.as_of END AS as_of,
    claims.published, claims.url, claims.suppressed, claims.file, claims.place, checks.verdict,
    CASE WHEN known.claim_id IS NOT NULL THEN
        struct_pack(
            measure := claims.measure, breakdown := claims.breakdown, qualifier := claims.qualifier, value := claims.value,
            as_of := claims.as_of
        )
    END AS named
FROM claims
LEFT JOIN claim_checks_as_known_on($today) AS checks USING (claim_id)
LEFT JOIN (FROM claims_as_known_on($today) WHERE corrected AND NOT suppressed) AS known USING (claim_id)
WHERE claims.situation = $situation
ORDER BY claims.published DESC, claims.url, claims.organisation, claims.measure, claims.breakdown, claims.as_of,
    claims.value, claims.claim_id;
