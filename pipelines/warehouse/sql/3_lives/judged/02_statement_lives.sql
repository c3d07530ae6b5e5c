-- One row is one span of days of one distinct statement about one moment of one series, however many reports carried
-- it: what was known of it from `known_from` up to the day before `known_until`.
-- `standing` says what became of it (the rule, with its reasons: docs/standing.md):
--   stands        what counts for that moment, as known on the day; two only where nothing decides between them
--   superseded    the organisation said otherwise later, at the same or a better grade (a revision), or later that day
--   echo          a vaguer repetition, implied by a statement already known ("more than 300" after 310), or one that
--                 agrees with what is better supported
--   outranked     further from the source than what stands
--   contradicted  less well supported than what stands, or in doubt beside one that is not
--   withdrawn     read again: its source does not state it
-- `why_standing` is what decided: the reason of what stands over the best of the others, of the others against it.
-- `revision` counts the earlier days of publication on which something else was said; another figure of one day is none.
-- `doubt` names the rule that what stands does not fit; it is then on no line, no headline, and no input of any mart.
-- `carriers` are the reports that carry it, `repeats` those of them that give no cut-off and repeat an earlier one,
-- `origins` the independent publishers among them.
-- `contradicted` marks statements beside each other whose intervals share no number: shown, not resolved.
CREATE OR REPLACE TEMP TABLE statement_lives AS
WITH crowded_points AS MATERIALIZED (
    SELECT point FROM told_lives GROUP BY point HAVING count(*) > 1
),
own AS MATERIALIZED ( -- what was told, parted where a doubt comes or goes
    SELECT
        told, point, kind, claim_id, qualifier, value, value_high, low, high, grade, published, carriers, repeats,
        origins, withdrawn, alone, supported, dated, doubt,
        coalesce(doubt_lives.known_from, told_lives.known_from) AS known_from,
        coalesce(doubt_lives.known_until, told_lives.known_until) AS known_until
    FROM told_lives SEMI JOIN crowded_points USING (point) LEFT JOIN doubt_lives USING (told)
),
days AS (
    SELECT point, day, lead(day) OVER (PARTITION BY point ORDER BY day) AS next_day
    FROM (SELECT DISTINCT point, unnest([known_from, known_until]) AS day FROM own)
),
crowded AS MATERIALIZED (
    SELECT
        own.* REPLACE (day AS known_from, next_day AS known_until), dated OR kind = 'cumulative' AS of_the_day,
        supported OR ( -- what one outlet adds to a running total on a day that few report is an update, too
            kind = 'cumulative' AND doubt IS NULL AND NOT is_round(value) AND max(origins) OVER (PARTITION BY own.point, day) <= 2
        ) AS firm
    FROM own JOIN days ON days.point = own.point AND own.known_from <= day AND day < own.known_until
),
implied AS ( -- by something sharper: known before, it makes an echo of them; later, a revision
    SELECT vague.told, vague.known_from, bool_or(sharp.published <= vague.published) AS known_before
    FROM crowded AS vague
    JOIN crowded AS sharp
        ON sharp.point = vague.point AND sharp.known_from = vague.known_from AND sharp.told <> vague.told
    WHERE NOT sharp.withdrawn AND NOT vague.withdrawn AND sharp.doubt IS NULL
        AND sharp.repeats < sharp.carriers AND (
            (vague.repeats = vague.carriers AND vague.value = sharp.value)
            OR (vague.alone OR vague.origins < sharp.origins) AND vague.grade >= sharp.grade
            AND vague.low = vague.high AND sharp.low = sharp.high AND rounds_to(sharp.value, vague.value)
            OR (
                coalesce(sharp.low, 0) >= coalesce(vague.low, 0)
                AND coalesce(sharp.high, 'infinity'::DOUBLE) <= coalesce(vague.high, 'infinity'::DOUBLE)
                AND (
                    (coalesce(sharp.low, 0), sharp.high) IS DISTINCT FROM (coalesce(vague.low, 0), vague.high)
                    OR (sharp.published, sharp.claim_id) < (vague.published, vague.claim_id)
                )
            )
        )
    GROUP BY vague.told, vague.known_from
),
competing AS (
    SELECT
        crowded.*, max(published) OVER same AS newest
    FROM crowded ANTI JOIN implied USING (told, known_from)
    WHERE NOT withdrawn
    WINDOW same AS (PARTITION BY point, known_from, doubt IS NULL, grade, of_the_day, firm)
),
ranked AS ( -- a running total's highest value of the last days is the day's end; else what was said last counts
    SELECT
        *,
        CASE WHEN kind = 'cumulative' THEN newest - published > update_days() ELSE newest > published END AS older,
        CASE WHEN kind = 'cumulative' THEN -coalesce(value, 0) ELSE 0 END AS lower,
        dense_rank() OVER (
            PARTITION BY point, known_from ORDER BY doubt IS NOT NULL, grade, NOT of_the_day, NOT firm, older, lower, -origins
        ) AS turn
    FROM competing
),
decided AS (
    SELECT
        *,
        first_value(struct_pack(
            doubt := doubt, grade := grade, of_the_day := of_the_day, firm := firm, origins := origins, older := older,
            low := low, high := high
        )) OVER (PARTITION BY point, known_from ORDER BY turn) AS best
    FROM ranked
),
reasoned AS (
    SELECT
        told, known_from, turn,
        coalesce(low <= best.high, true) AND coalesce(best.low <= high, true) AS agrees,
        CASE
            WHEN doubt IS NOT NULL AND best.doubt IS NULL THEN 'in_doubt'
            WHEN grade > best.grade THEN 'grade'
            WHEN best.of_the_day AND NOT of_the_day THEN 'stated_cut_off'
            WHEN best.firm AND NOT firm AND best.origins > origins THEN 'more_origins'
            WHEN best.firm AND NOT firm THEN 'not_round'
            WHEN older AND NOT best.older THEN 'said_later'
            WHEN turn > 1 AND kind <> 'cumulative' THEN 'more_origins'
            WHEN turn > 1 THEN 'day_end'
        END AS lost_by
    FROM decided
),
settled AS (
    SELECT
        crowded.*,
        CASE
            WHEN withdrawn THEN 'withdrawn'
            WHEN implied.known_before THEN 'echo'
            WHEN implied.told IS NOT NULL OR lost_by IN ('said_later', 'day_end') THEN 'superseded'
            WHEN lost_by = 'grade' THEN 'outranked'
            WHEN lost_by IS NOT NULL AND doubt IS NULL AND agrees THEN 'echo'
            WHEN lost_by IS NOT NULL THEN 'contradicted'
            ELSE 'stands'
        END AS standing,
        CASE
            WHEN withdrawn THEN 'withdrawn'
            WHEN implied.told IS NOT NULL THEN 'sharper'
            WHEN lost_by IS NOT NULL THEN lost_by
            WHEN count(lost_by) OVER moment > 0 THEN min_by(lost_by, turn) FILTER (lost_by IS NOT NULL) OVER moment
            WHEN count(implied.told) OVER moment > 0 THEN 'sharper'
            WHEN count(*) FILTER (NOT withdrawn) OVER moment > 1 THEN 'undecided'
            WHEN count(*) OVER moment > 1 THEN 'rest_withdrawn'
            ELSE 'alone'
        END AS why_standing
    FROM crowded
    LEFT JOIN implied USING (told, known_from)
    LEFT JOIN reasoned USING (told, known_from)
    WINDOW moment AS (PARTITION BY point, known_from)
),
numbered AS (
    SELECT
        *,
        CASE WHEN standing IN ('stands', 'superseded') THEN count(DISTINCT published) FILTER (standing = 'superseded') OVER before ELSE 0 END::INTEGER AS revision,
        standing IN ('stands', 'outranked', 'contradicted')
            AND coalesce(max(low) OVER beside > min(coalesce(high, 'infinity'::DOUBLE)) OVER beside, false) AS contradicted
    FROM settled
    WINDOW
        beside AS (PARTITION BY point, known_from, standing IN ('stands', 'outranked', 'contradicted')),
        before AS (PARTITION BY point, known_from ORDER BY published RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 DAY PRECEDING)
),
judged AS ( -- of a point of which one statement was ever told, it stands
    SELECT
        told_lives.* REPLACE (numbered.known_from AS known_from, numbered.known_until AS known_until),
        standing, why_standing, doubt, revision, contradicted
    FROM numbered JOIN told_lives USING (told)
    UNION ALL BY NAME
    SELECT
        told_lives.* REPLACE (
            coalesce(doubt_lives.known_from, told_lives.known_from) AS known_from,
            coalesce(doubt_lives.known_until, told_lives.known_until) AS known_until
        ),
        CASE WHEN withdrawn THEN 'withdrawn' ELSE 'stands' END AS standing,
        CASE WHEN withdrawn THEN 'withdrawn' END AS why_standing, doubt, 0 AS revision, false AS contradicted
    FROM told_lives ANTI JOIN crowded_points USING (point) LEFT JOIN doubt_lives USING (told)
)
SELECT
    situation, organisation, measure, kind, population, breakdown, baseline, period_start, window_basis,
    as_of, qualifier, value, value_high, low, high,
    published, last_published, revision, standing, coalesce(why_standing, 'alone') AS why_standing, doubt,
    contradicted, corrected, checked, checked_on, carriers, repeats, origins, claim_id, point, known_from, known_until
FROM judged;
