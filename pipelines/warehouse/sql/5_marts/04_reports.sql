-- One row is one report: a document of one publisher on one day, and how many figures it carried.
CREATE VIEW reports AS
SELECT
    situation, publisher, url, published,
    max(published_basis) AS published_basis,
    max(retrieved) AS retrieved,
    count(*) AS figures_read,
    count(*) FILTER (state = 'accepted') AS accepted,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'quarantined') AS quarantined
FROM rows_read
WHERE publisher IS NOT NULL
GROUP BY situation, publisher, url, published;
