-- One row is one row of what readers asked or were answered, as its file has it. It waits beside the build until it is
-- known of which figures no words may be told.
CREATE TEMP TABLE questions_arriving (
    situation VARCHAR,
    "row" BIGINT,
    position BIGINT,
    question_id BIGINT,
    asked DATE,
    figure_id VARCHAR,
    build_id VARCHAR,
    chart VARCHAR,
    page VARCHAR,
    question_es VARCHAR,
    question_en VARCHAR,
    question_pt VARCHAR,
    state VARCHAR,
    answered DATE,
    reason_es VARCHAR,
    reason_en VARCHAR,
    reason_pt VARCHAR,
    link VARCHAR
);
