-- One row is one organisation: how many of its statements were published, and how many read again, since a day.
SELECT
    organisation,
    count(*) FILTER (published >= $since) AS added,
    count(*) FILTER (checked_on >= $since) AS read_again
FROM statements
WHERE situation = $situation AND (published >= $since OR checked_on >= $since)
GROUP BY organisation
ORDER BY added DESC, organisation;
