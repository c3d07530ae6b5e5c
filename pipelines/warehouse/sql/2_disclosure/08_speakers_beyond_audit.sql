-- One row is one speaker of so many guarded cells, or in a situation of so many, that the audit would take too long: all
-- of them are withheld.
CREATE TEMP TABLE speakers_beyond_audit AS
SELECT situation, organisation, population
FROM (SELECT DISTINCT situation, organisation, population, claim_id FROM cells_guarded)
GROUP BY situation, organisation, population
QUALIFY count(*) > 400 OR sum(count(*)) OVER (PARTITION BY situation) > 1000;

CREATE TEMP TABLE cells_beyond_audit AS
SELECT DISTINCT claim_id FROM cells_guarded SEMI JOIN speakers_beyond_audit USING (situation, organisation, population);

DELETE FROM cells_withheld USING cells_beyond_audit WHERE cells_withheld.claim_id = cells_beyond_audit.claim_id;
INSERT INTO cells_withheld SELECT claim_id, NULL FROM cells_beyond_audit;
