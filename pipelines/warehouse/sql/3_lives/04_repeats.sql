-- One row is one span of days of one claim without a cut-off of its own: the `cut_off` of the earlier value of its
-- series that it repeats, as known then, or null. It is one more carrier of that statement. Of stated cut-offs the one
-- is taken that most reports give, the earlier of two; before one that was itself only taken from a publication day.
-- The organisation's own publication is no repeat: it says the same of a new day.
CREATE OR REPLACE TEMP TABLE repeat_lives AS
WITH said AS (
    SELECT
        claim_id, as_of, provenance, known_from, known_until,
        as_of_basis = 'publication_date' OR (as_of_basis = 'inferred' AND as_of = published) AS undated,
        hash(
            situation, organisation, measure, population, breakdown, period_start, value, value_high,
            CASE qualifier WHEN 'about' THEN 'exact' ELSE qualifier END
        ) AS said
    FROM windowed_lives
    WHERE value IS NOT NULL AND as_of IS NOT NULL AND NOT withdrawn
),
repeated AS MATERIALIZED ( -- few values are told without a cut-off: only those are sorted
    FROM said SEMI JOIN (SELECT DISTINCT said FROM said WHERE undated) AS undated USING (said)
),
days AS (
    SELECT DISTINCT said, unnest([known_from, known_until]) AS day FROM repeated
),
counted AS (
    SELECT repeated.*, day, count(*) FILTER (NOT undated) OVER (PARTITION BY repeated.said, day, as_of) AS reports
    FROM repeated JOIN days ON days.said = repeated.said AND known_from <= day AND day < known_until
),
earlier AS (
    SELECT
        claim_id, known_from AS version, known_until AS version_until, day, undated, provenance, reports,
        max(struct_pack(reports := reports, back := DATE '9999-12-31' - as_of)) OVER before AS most, min(as_of) OVER before AS told
    FROM counted
    WINDOW before AS (
        PARTITION BY said, day ORDER BY as_of
        RANGE BETWEEN INTERVAL (repeat_days()) DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT
    claim_id, version, day AS known_from,
    lead(day, 1, version_until) OVER (PARTITION BY claim_id, version ORDER BY day) AS known_until,
    CASE
        WHEN reports > 0 THEN NULL
        WHEN most.reports > 0 THEN DATE '9999-12-31' - most.back::INTEGER
        ELSE told
    END AS cut_off
FROM earlier
WHERE undated AND provenance <> 'primary';
