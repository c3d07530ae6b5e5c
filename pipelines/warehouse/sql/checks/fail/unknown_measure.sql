-- Every claim's measure stands in the closed list.
SELECT claim_id, file, place, 'measure ' || measure AS found FROM claims ANTI JOIN measures USING (measure);
