-- Every claim is asserted by an organisation that the situation lists.
SELECT claim_id, file, place, 'organisation ' || organisation AS found
FROM claims ANTI JOIN organisations USING (situation, organisation);
