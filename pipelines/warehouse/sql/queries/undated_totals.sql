-- One row is one situation in which running totals do not say since when they count, with how many: of one file, or of all.
SELECT situation, count(*) AS totals
FROM claims JOIN measures USING (measure)
WHERE list_contains($situations, situation) AND ($file IS NULL OR file = $file)
    AND kind = 'cumulative' AND period_start IS NULL
GROUP BY situation
ORDER BY situation;
