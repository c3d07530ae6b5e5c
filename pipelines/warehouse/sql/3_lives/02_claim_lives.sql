-- One row is one claim through one span of days (`known_from` up to the day before `known_until`), as it read then.
CREATE OR REPLACE TEMP VIEW claim_lives AS
SELECT
    claim_id, claims.situation, claims.organisation, claims.measure, claims.population, claims.breakdown,
    claims.qualifier, claims.value, claims.value_high, claims.period_start, claims.as_of, claims.as_of_basis,
    claims.published, claims.publisher, claims.provenance,
    false AS corrected, NULL::VARCHAR AS checked, NULL::DATE AS checked_on, false AS withdrawn,
    claims.published AS known_from, DATE 'infinity' AS known_until
FROM claims ANTI JOIN claim_changes USING (claim_id)
UNION ALL BY NAME
SELECT
    claim_changes.*, claims.situation, claims.organisation, claims.population, claims.as_of_basis, claims.published,
    claims.publisher, claims.provenance
FROM claims JOIN claim_changes USING (claim_id);
