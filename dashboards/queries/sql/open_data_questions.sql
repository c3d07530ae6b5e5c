-- One row is one question of a reader about a situation, with the answer that counts.
FROM questions
WHERE situation = $situation
ORDER BY question_id;
