-- Our own mistakes, as they are published: a part that could hold a small cell without its numbers,
-- and without the words, which may spell them.
INSERT INTO own_corrections BY NAME
WITH arriving AS (
    SELECT
        * EXCLUDE (masked) REPLACE (
            address_unspelled(url) AS url, masked[1] AS why_es, masked[2] AS why_en, masked[3] AS why_pt
        ),
        is_guarded(old_breakdown, NULL) OR coalesce(is_guarded(new_breakdown, NULL), false) AS suppressed,
        CASE
            WHEN suppressed THEN NULL WHEN change = 'removed' THEN old_value ELSE abs(old_value - new_value)
        END AS difference
    FROM (SELECT *, without_spelled_in_any([why_es, why_en, why_pt]) AS masked FROM mistakes_arriving)
)
SELECT
    * EXCLUDE (row, difference) REPLACE (
        CASE WHEN NOT suppressed THEN old_qualifier END AS old_qualifier,
        CASE WHEN NOT suppressed THEN old_value END AS old_value,
        CASE WHEN NOT suppressed THEN new_qualifier END AS new_qualifier,
        CASE WHEN NOT suppressed THEN new_value END AS new_value,
        CASE WHEN suppressed THEN '' ELSE why_es END AS why_es,
        CASE WHEN suppressed THEN '' ELSE why_en END AS why_en,
        CASE WHEN suppressed THEN '' ELSE why_pt END AS why_pt
    ),
    row_number() OVER (
        PARTITION BY situation ORDER BY decided DESC, front_page DESC, difference DESC NULLS LAST, row
    ) AS position
FROM arriving;
