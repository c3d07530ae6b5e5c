-- A stock describes a moment, so it has one.
SELECT claim_id, file, place, measure || ' without as_of' AS found
FROM claims JOIN measures USING (measure) WHERE kind = 'stock' AND as_of IS NULL;
