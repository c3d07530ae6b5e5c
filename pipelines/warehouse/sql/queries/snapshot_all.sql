-- One row is one figure.
FROM figures
ORDER BY figure_id, published, claim_id;
