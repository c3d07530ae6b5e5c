-- One row is one row of a published table that stands beside a withheld claim and tells something: in which columns.
FROM shown SEMI JOIN withheld_claims ON withheld_claims.claim_id = shown.claim
WHERE greatest(*COLUMNS(* EXCLUDE (claim)))
