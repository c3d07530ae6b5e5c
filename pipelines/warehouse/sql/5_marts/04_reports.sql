-- One row is one report: a document of one publisher on one day, and how many figures it carried.
CREATE VIEW reports AS
SELECT
    situation, publisher, url, published,
    max(published_basis) AS published_basis,
    max(retrieved) AS retrieved,
    sum(stands_for)::BIGINT AS figures_read,
    coalesce(sum(stands_for) FILTER (state = 'accepted'), 0)::BIGINT AS accepted,
    coalesce(sum(stands_for) FILTER (state = 'pending'), 0)::BIGINT AS pending,
    coalesce(sum(stands_for) FILTER (state = 'quarantined'), 0)::BIGINT AS quarantined
FROM rows_read
WHERE publisher IS NOT NULL
GROUP BY situation, publisher, url, published;
