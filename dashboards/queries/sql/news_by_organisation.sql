-- One row is one organisation: how many of its statements were published, and how many were found again, in their source
-- or a copy, since a day. What a reading could not reach, or found to say something else, was not read again.
SELECT
    organisation,
    count(*) FILTER (published >= $since) AS added,
    count(*) FILTER (checked_on >= $since AND checked IN ('read_again', 'read_again_in_copy')) AS read_again
FROM statements
WHERE situation = $situation AND (published >= $since OR checked_on >= $since)
GROUP BY organisation
ORDER BY added DESC, organisation;
