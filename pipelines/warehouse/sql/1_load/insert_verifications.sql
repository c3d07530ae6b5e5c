-- Readings that arrive: each belongs to every claim that it names. One of a row that waits or is refused
-- belongs to none.
INSERT INTO verifications BY NAME
SELECT
    named.situation, named.claim_id, readings.position, readings.verdict, readings.field, readings.should_be,
    readings.checked_on, readings.checked_by, readings.address, readings.sha256, readings.archive
FROM rows_named AS named
JOIN readings_arriving AS readings
    ON readings.situation = named.situation AND readings.organisation = named.organisation
    AND readings.measure = named.measure AND readings.breakdown = named.breakdown
    AND readings.published = named.published
    AND readings.qualifier IS NOT DISTINCT FROM named.qualifier
    AND readings.value IS NOT DISTINCT FROM named.value
    AND readings.as_of IS NOT DISTINCT FROM named.as_of
    AND readings.url IS NOT DISTINCT FROM named.url
WHERE named.claim_id IS NOT NULL;
