-- One row is one figure that a reader asked about, and whether it is of a part that could hold a small cell.
CREATE TEMP VIEW figures_asked_about AS
SELECT situation, figure_id, bool_or(is_guarded(breakdown, population)) AS guarded
FROM (
    SELECT
        situation, breakdown, population,
        figure_identity(
            situation, organisation, measure, population, breakdown,
            CASE WHEN window_basis = 'stated' THEN period_start END, as_of
        ) AS figure_id
    FROM statements_stored
    WHERE situation IN (SELECT situation FROM questions_arriving WHERE figure_id IS NOT NULL)
)
WHERE figure_id IN (SELECT figure_id FROM questions_arriving)
GROUP BY situation, figure_id;

-- One row is one row of what readers asked: a question (`state` is open), or an answer to one. Appended by people, never
-- edited. Of a figure of a part that could hold a small cell, or of one that no report has any more (nobody knows what it
-- was of), no words are kept (`suppressed`).
CREATE TABLE question_rows AS
WITH told AS (
    SELECT
        arriving.*,
        without_spelled_in_any([question_es, question_en, question_pt]) AS masked_questions,
        without_spelled_in_any([reason_es, reason_en, reason_pt]) AS masked_reasons,
        coalesce(
            first(figures_asked_about.guarded IGNORE NULLS) OVER own, bool_or(arriving.figure_id IS NOT NULL) OVER own
        ) AS suppressed
    FROM questions_arriving AS arriving
    LEFT JOIN figures_asked_about USING (situation, figure_id)
    WINDOW own AS (PARTITION BY arriving.situation, arriving.question_id)
)
SELECT
    * EXCLUDE ("row", masked_questions, masked_reasons) REPLACE (
        question_id::INTEGER AS question_id,
        position::INTEGER AS position,
        CASE WHEN NOT suppressed THEN masked_questions[1] END AS question_es,
        CASE WHEN NOT suppressed THEN masked_questions[2] END AS question_en,
        CASE WHEN NOT suppressed THEN masked_questions[3] END AS question_pt,
        CASE WHEN NOT suppressed THEN masked_reasons[1] END AS reason_es,
        CASE WHEN NOT suppressed THEN masked_reasons[2] END AS reason_en,
        CASE WHEN NOT suppressed THEN masked_reasons[3] END AS reason_pt,
        address_unspelled(link) AS link
    )
FROM told
ORDER BY situation, position;

-- One row is one question with the answer that counts on a day: the latest, of one day the last in the file. `days` is
-- how long the answer took; it and the answer are null while the question is open.
CREATE MACRO questions_as_known_on(known_on) AS TABLE
WITH answers AS (
    SELECT situation, question_id, state, answered, reason_es, reason_en, reason_pt, link
    FROM question_rows
    WHERE state <> 'open' AND answered <= known_on
    QUALIFY row_number() OVER (PARTITION BY situation, question_id ORDER BY answered DESC, position DESC) = 1
)
SELECT
    situation, question_id, questions.asked, questions.figure_id, questions.build_id, questions.chart, questions.page,
    questions.question_es, questions.question_en, questions.question_pt,
    coalesce(answers.state, 'open') AS state, answers.answered, answers.answered - questions.asked AS days,
    answers.reason_es, answers.reason_en, answers.reason_pt, answers.link, questions.suppressed
FROM question_rows AS questions
LEFT JOIN answers USING (situation, question_id)
WHERE questions.state = 'open' AND questions.asked <= known_on;

CREATE VIEW questions AS FROM questions_as_known_on(DATE '9999-12-31');
