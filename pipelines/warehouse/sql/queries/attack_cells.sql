-- One row is one statement under a guarded key, or one that such a statement may be a part of, as anyone may read it.
WITH guarded AS (
    SELECT DISTINCT situation, organisation, measure, population, as_of FROM stated WHERE is_guarded(breakdown)
)
SELECT
    stated.situation, stated.organisation, stated.measure, stated.kind, stated.population, stated.breakdown,
    stated.period_start, stated.as_of, stated.low, stated.high, stated.suppressed, stated.fewer_than, stated.claim_id,
    (situations.settings ->> 'small_cell')::INTEGER AS small_cell
FROM stated
SEMI JOIN guarded USING (situation, organisation, measure, population, as_of)
JOIN situations USING (situation);
