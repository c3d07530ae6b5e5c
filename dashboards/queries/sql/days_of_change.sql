-- One row is one day from which what is known of a situation differs: something was published, read again or decided.
SELECT DISTINCT day
FROM (
    SELECT published AS day FROM claims WHERE situation = $situation
    UNION ALL SELECT checked_on FROM verifications WHERE situation = $situation
    UNION ALL SELECT decided FROM corrections WHERE situation = $situation
    UNION ALL SELECT coalesce(answered, asked) FROM question_rows WHERE situation = $situation
    UNION ALL SELECT decided FROM bridges WHERE situation = $situation
    UNION ALL SELECT decided FROM explanations WHERE situation = $situation
)
WHERE day IS NOT NULL
ORDER BY day;
