-- One row is one address that claims of a situation cite, as it is published; the one cited last comes first.
SELECT url
FROM claims
WHERE situation = $situation AND url IS NOT NULL
GROUP BY url
ORDER BY max(published) DESC, url;
