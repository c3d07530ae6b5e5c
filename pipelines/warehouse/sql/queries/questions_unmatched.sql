-- One row is one question about a figure that no report here states now, and that no build is named for.
SELECT situation, "row", figure_id
FROM questions_arriving ANTI JOIN figures_asked_about USING (situation, figure_id)
WHERE figure_id IS NOT NULL AND build_id IS NULL
ORDER BY situation, "row"
LIMIT 5;
