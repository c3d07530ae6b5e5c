-- One row is one document that claims of a situation cite, by its address as it is published, without the place in it; the
-- one cited last comes first.
SELECT split_part(url, '#', 1) AS address
FROM claims
WHERE situation = $situation AND url IS NOT NULL
GROUP BY address
ORDER BY max(published) DESC, address;
