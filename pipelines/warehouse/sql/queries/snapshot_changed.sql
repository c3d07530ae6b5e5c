-- One row is one figure whose id is among the `changed`.
FROM figures SEMI JOIN changed USING (figure_id)
ORDER BY figure_id, published, claim_id;
