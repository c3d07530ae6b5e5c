-- One row is one row of a published table that stands beside a withheld claim.
FROM shown SEMI JOIN withheld_claims ON withheld_claims.claim_id = shown.claim
