-- One row is one statement that this build draws: one that stands, or that charts show in doubt beside the line. Snapshots
-- keep them, so that a file can be compared with all that it may hold. A withheld value is empty here as everywhere. The id
-- is computed where it is asked for: ask by what the figure is about, and by its id beside that.
CREATE VIEW figures_drawn AS
SELECT
    figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) AS figure_id,
    situation, organisation, measure::VARCHAR AS measure, kind, population, breakdown,
    baseline, period_start, window_basis,
    as_of, as_of_basis::VARCHAR AS as_of_basis, as_of_precision::VARCHAR AS as_of_precision,
    qualifier::VARCHAR AS qualifier, value, value_high, coalesce(suppressed, false) AS withheld, fewer_than,
    published, published_basis::VARCHAR AS published_basis, publisher, provenance::VARCHAR AS provenance, url,
    revision, doubt, contradicted, corrected, checked, checked_on, carriers, origins, claim_id,
    standing::VARCHAR AS standing
FROM statements_stored
WHERE standing = 'stands' OR (standing = 'contradicted' AND doubt IS NOT NULL);

-- One row is one figure as this build shows it, under the id that a pinned link names; two values that stand for one
-- moment are two rows under one id.
CREATE VIEW figures AS SELECT * EXCLUDE (standing) FROM figures_drawn WHERE standing = 'stands';
