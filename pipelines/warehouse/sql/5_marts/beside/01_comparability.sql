-- One row is two figures about one moment that a reader would set against each other: a speaker's on the left, on the
-- right an independent organisation's. `comparable` says whether they may be, `reason` why or why not: a word of the
-- model's list `comparability`, of which the two sides' columns are the parameters; `reasons` are all that speak against it.
-- The right side is the situation's primary organisation; a government's figure is also set against those of up to
-- four other independent organisations that state the same measure of the same day. Of the right side's figures the
-- nearest in kind, window and day is taken (flows compare over the same days alone); the one counted from the situation's
-- own baseline stands beside it always.
-- A pair stands once for each change of either side: with the day of the first figures, and, as `last_as_of`, the day
-- up to which both only repeated them.
CREATE TYPE comparability_word AS ENUM (SELECT word FROM words WHERE list = 'comparability' ORDER BY position);

-- Through each span of days in which it was so: first every pair, then those where either side changes.
CREATE TEMP TABLE pair_spans AS
WITH standing AS NOT MATERIALIZED (
    FROM point_spans WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld
),
rules AS (
    SELECT
        situation, baseline AS usual_start,
        (settings ->> 'baseline_tolerance_days')::INTEGER AS tolerance
    FROM situations
),
declared AS (
    SELECT points.span, min(comparables.comparable) AS comparable
    FROM standing AS points
    JOIN comparables
        ON comparables.situation = points.situation AND comparables.measure = points.measure
        AND comparables.population = points.population AND comparables.breakdown = points.breakdown
    JOIN rules ON rules.situation = points.situation
    WHERE coalesce(comparables.role = points.role, true)
        AND coalesce(comparables.organisation = points.organisation, true)
        AND (comparables.starts IS NULL OR abs(points.period_start - comparables.starts) <= rules.tolerance)
    GROUP BY points.span
),
sides AS (
    SELECT
        points.situation, points.organisation, points.role, points.is_primary,
        points.measure, points.kind, points.population, points.breakdown, points.period_start, points.as_of,
        points.qualifier, points.value, points.value_high, points.low, points.high, points.published,
        points.claim_id, hash(points.claim_id) AS side, points.span, points.known_from, points.known_until, points.epoch, points.epoch_start, points.break_days,
        measures.topic, measures.rung, rules.tolerance, rules.usual_start,
        declared.comparable,
        CASE
            WHEN declared.comparable IS NOT NULL OR points.breakdown = 'total' THEN hash(points.situation, measures.topic)
            ELSE hash(points.situation, measures.topic, points.breakdown)
        END AS meeting
    FROM standing AS points
    JOIN (FROM measures WHERE topic IS NOT NULL) AS measures USING (measure)
    JOIN rules USING (situation)
    LEFT JOIN declared USING (span)
),
beside_governments AS ( -- the other independent organisations of the days on which a government states the same
    SELECT *, hash(meeting, measure, as_of) AS key
    FROM sides
    SEMI JOIN (SELECT meeting, measure, as_of FROM sides WHERE role = 'government') AS governments
        USING (meeting, measure, as_of)
    WHERE role = 'government' OR (NOT is_primary AND role IN ('ngo', 'international'))
),
known_beside AS (
    SELECT *, bool_or(role = 'government') OVER same AS beside_government,
        dense_rank() OVER (PARTITION BY key, known_from ORDER BY role = 'government', organisation) AS place
    FROM sliced('beside_governments')
    WINDOW same AS (PARTITION BY key, known_from)
),
references_ AS MATERIALIZED (
    SELECT *, unnest(generate_series(-tolerance, tolerance))::INTEGER AS days_off FROM sides WHERE is_primary
    UNION ALL BY NAME
    SELECT * EXCLUDE (key, beside_government, place), 0 AS days_off
    FROM known_beside
    WHERE role <> 'government' AND beside_government AND place <= 4
),
lefts AS MATERIALIZED ( -- of a large history only what a figure of the right side can meet
    FROM sides
    SEMI JOIN (SELECT DISTINCT meeting, as_of + days_off AS as_of FROM references_) AS days USING (meeting, as_of)
),
met AS (
    SELECT
        leftwards.span AS left_span, rightwards.span AS right_span, rightwards.side AS right_side,
        leftwards.known_from AS asked_from, leftwards.known_until AS asked_until,
        rightwards.known_from AS known_from, rightwards.known_until AS known_until,
        leftwards.organisation AS left_organisation, rightwards.organisation AS right_organisation,
        leftwards.situation AS situation, leftwards.kind AS kind, rightwards.days_off AS days_off,
        rightwards.period_start AS right_start, rightwards.measure AS right_measure,
        rightwards.qualifier <> 'exact' AS vague, rightwards.published AS right_published,
        leftwards.measure = rightwards.measure AS same_measure,
        rightwards.period_start = rightwards.usual_start AS is_usual,
        coalesce(leftwards.comparable = rightwards.comparable, false) AS same_thing,
        abs(leftwards.period_start - rightwards.period_start) AS days_apart,
        (leftwards.period_start IS NULL) <> (rightwards.period_start IS NULL) AS one_start,
        leftwards.kind <> rightwards.kind AS other_kind,
        leftwards.population <> rightwards.population AS other_population,
        leftwards.rung <> rightwards.rung AS other_rung,
        leftwards.breakdown <> rightwards.breakdown AS other_part,
        leftwards.epoch <> leftwards.epoch_start OR rightwards.epoch <> rightwards.epoch_start
            OR broken_between(leftwards.break_days, leftwards.as_of, rightwards.as_of)
            OR broken_between(leftwards.break_days, rightwards.as_of, leftwards.as_of)
            OR broken_between(rightwards.break_days, leftwards.as_of, rightwards.as_of)
            OR broken_between(rightwards.break_days, rightwards.as_of, leftwards.as_of) AS broken,
        leftwards.tolerance AS tolerance
    FROM lefts AS leftwards
    JOIN references_ AS rightwards
        ON rightwards.meeting = leftwards.meeting
        AND leftwards.as_of = rightwards.as_of + rightwards.days_off
        AND leftwards.known_from < rightwards.known_until AND rightwards.known_from < leftwards.known_until
    WHERE leftwards.organisation <> rightwards.organisation
        AND (
            (rightwards.is_primary AND NOT leftwards.is_primary)
            OR (leftwards.role = 'government' AND rightwards.measure = leftwards.measure)
        )
),
joint AS (
    SELECT situation, organisation AS one, unnest(members) AS other FROM organisations
    UNION
    SELECT situation, unnest(members), organisation FROM organisations
),
judged AS (
    SELECT
        met.*,
        list_filter([
            CASE WHEN joint.one IS NOT NULL THEN 'same_speaker' END,
            CASE WHEN other_kind THEN 'different_kind' END,
            CASE WHEN NOT same_thing AND other_population THEN 'different_population' END,
            CASE WHEN NOT same_thing AND other_rung THEN 'different_legal_status' END,
            CASE WHEN NOT same_thing AND other_part THEN 'different_part' END,
            CASE WHEN kind IN ('flow', 'cumulative') AND days_apart IS NULL THEN 'unknown_window' END,
            CASE WHEN kind = 'stock' AND one_start THEN 'different_cohort' END,
            CASE WHEN days_apart > CASE WHEN kind = 'flow' THEN 0 ELSE tolerance END OR (kind = 'flow' AND days_off <> 0)
                THEN 'different_window' END,
            CASE WHEN broken THEN 'break' END
        ], lambda reason: reason IS NOT NULL) AS reasons
    FROM met
    LEFT JOIN joint
        ON joint.situation = met.situation AND joint.one = left_organisation AND joint.other = right_organisation
),
ranked AS MATERIALIZED (
    SELECT
        hash(left_span, right_organisation) AS asker, asked_from, asked_until, known_from, known_until,
        coalesce(is_usual AND same_measure, false) AS beside,
        row(
            -len(reasons), CASE WHEN same_measure THEN 1 ELSE 0 END, -abs(days_off), -coalesce(days_apart, 99999),
            CASE WHEN vague THEN 0 ELSE 1 END, right_published, 18446744073709551615 - right_side
        ) AS rank,
        struct_pack(
            left_span := left_span, right_span := right_span, same_thing := same_thing, reasons := reasons
        ) AS choice
    FROM judged
),
usual AS (
    FROM ranked WHERE beside
),
nearest AS (
    SELECT hash(choice.left_span, choice.right_span) AS key, choice, known_from, known_until
    FROM (FROM best_known('ranked') UNION ALL FROM best_known('usual'))
    WHERE choice IS NOT NULL
),
chosen AS (
    SELECT
        leftwards, rightwards, any_value(choice.same_thing) AS same_thing, any_value(choice.reasons) AS reasons,
        nearest.known_from, nearest.known_until
    FROM sliced('nearest') AS nearest
    JOIN lefts AS leftwards ON leftwards.span = choice.left_span
    JOIN (SELECT DISTINCT ON (span) * FROM references_) AS rightwards ON rightwards.span = choice.right_span
    GROUP BY ALL
),
paired AS (
    SELECT
        leftwards.situation AS situation,
        leftwards.as_of AS as_of,
        leftwards.measure AS measure,
        leftwards.population AS population,
        leftwards.breakdown AS breakdown,
        len(reasons) = 0 AS comparable,
        CASE
            WHEN len(reasons) > 0 THEN reasons[1]
            WHEN same_thing THEN 'declared_equivalent'
            ELSE 'same_thing'
        END::comparability_word::VARCHAR AS reason,
        CASE WHEN len(reasons) = 0 THEN leftwards.low - rightwards.high END AS difference_low,
        CASE WHEN len(reasons) = 0 THEN leftwards.high - rightwards.low END AS difference_high,
        leftwards.organisation AS left_organisation, leftwards.role AS left_role,
        leftwards.qualifier AS left_qualifier, leftwards.value AS left_value, leftwards.value_high AS left_value_high,
        leftwards.low AS left_low, leftwards.high AS left_high,
        leftwards.measure AS left_measure, leftwards.population AS left_population,
        leftwards.breakdown AS left_breakdown, leftwards.period_start AS left_period_start,
        leftwards.as_of AS left_as_of, leftwards.published AS left_published, leftwards.claim_id AS left_claim,
        rightwards.organisation AS right_organisation, rightwards.role AS right_role,
        rightwards.qualifier AS right_qualifier, rightwards.value AS right_value,
        rightwards.value_high AS right_value_high, rightwards.low AS right_low, rightwards.high AS right_high,
        rightwards.measure AS right_measure, rightwards.population AS right_population,
        rightwards.breakdown AS right_breakdown, rightwards.period_start AS right_period_start,
        rightwards.as_of AS right_as_of, rightwards.published AS right_published, rightwards.claim_id AS right_claim,
        CASE WHEN same_thing THEN leftwards.comparable END AS equivalence,
        reasons, leftwards.epoch + rightwards.epoch AS epochs, known_from, known_until
    FROM chosen
)
SELECT
    * EXCLUDE (epochs),
    hash(
        situation, left_organisation, left_measure, left_population, left_breakdown, left_period_start,
        right_organisation, right_measure, right_population, right_breakdown, right_period_start
    ) AS pair,
    hash(
        left_qualifier, left_value, left_value_high, right_qualifier, right_value, right_value_high, comparable, reason,
        epochs
    ) AS says
FROM paired;

CREATE TABLE gap_spans AS
WITH steps AS MATERIALIZED (
    SELECT
        *, row_number() OVER () AS step,
        dense_rank() OVER (PARTITION BY pair ORDER BY as_of, left_claim, right_claim) AS place
    FROM pair_spans
),
marks AS (
    SELECT
        pair AS line, place AS moment, 0 AS tie, struct_pack(says := says, as_of := as_of) AS choice, known_from, known_until
    FROM steps
),
asking_before AS (
    SELECT step AS asker, pair AS line, place - 1 AS moment, known_from, known_until FROM steps
),
changed AS MATERIALIZED (
    SELECT
        row_number() OVER () AS asker, step, pair AS line, place AS moment, before.choice.as_of AS ended,
        before.known_from, before.known_until
    FROM nearest_known('asking_before', 'marks') AS before JOIN steps ON steps.step = before.asker
    WHERE before.choice.says IS DISTINCT FROM steps.says
),
asking_next AS (
    SELECT asker, line, -moment - 1 AS moment, known_from, known_until FROM changed
),
changes AS (
    SELECT line, -moment AS moment, 0 AS tie, ended AS choice, known_from, known_until FROM changed
),
next AS MATERIALIZED (
    SELECT *, row_number() OVER () AS piece FROM nearest_known('asking_next', 'changes')
),
asking_last AS (
    SELECT piece AS asker, line, 1000000000 AS moment, next.known_from, next.known_until
    FROM next JOIN changed USING (asker) WHERE choice IS NULL
),
ended AS ( -- up to the next change, else to the last of the pair
    SELECT asker, choice AS last_as_of, known_from, known_until FROM next WHERE choice IS NOT NULL
    UNION ALL
    SELECT next.asker, last.choice.as_of, last.known_from, last.known_until
    FROM nearest_known('asking_last', 'marks') AS last JOIN next ON next.piece = last.asker
)
SELECT
    steps.* EXCLUDE (step, place, pair, says, known_from, known_until), ended.last_as_of,
    declarations.text_es AS equivalence_es, declarations.text_en AS equivalence_en,
    declarations.text_pt AS equivalence_pt, ended.known_from, ended.known_until
FROM ended JOIN changed USING (asker) JOIN steps USING (step)
LEFT JOIN (SELECT DISTINCT situation, comparable, text_es, text_en, text_pt FROM comparables) AS declarations
    ON declarations.situation = steps.situation AND declarations.comparable = steps.equivalence;
DROP TABLE pair_spans;

CREATE MACRO gaps_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until) FROM gap_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW gaps AS
SELECT * EXCLUDE (known_from, known_until) FROM gap_spans WHERE known_until = DATE 'infinity';
