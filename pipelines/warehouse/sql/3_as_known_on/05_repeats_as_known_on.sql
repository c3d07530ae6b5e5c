-- One row is one claim without a cut-off of its own that repeats an earlier value of its series: one more carrier of
-- that statement, dated to its `cut_off`. Of stated cut-offs the one is taken that most
-- reports give, the earlier of two; before one that was itself only taken from a
-- publication day. The organisation's own publication is no repeat: it says the same of a new day.
-- `source` is claims as known on a day, with `period_start` as placed: all of each organisation that it has any of.
CREATE MACRO repeats_from(source) AS TABLE
WITH said AS (
    SELECT
        claim_id, as_of, provenance,
        as_of_basis = 'publication_date' OR (as_of_basis = 'inferred' AND as_of = published) AS undated,
        hash(
            situation, organisation, measure, population, breakdown, period_start, value, value_high,
            CASE qualifier WHEN 'about' THEN 'exact' ELSE qualifier END
        ) AS said
    FROM query_table(source)
    WHERE value IS NOT NULL AND as_of IS NOT NULL AND NOT withdrawn
),
repeated AS ( -- few values are told without a cut-off: only those are sorted
    FROM said SEMI JOIN (SELECT DISTINCT said FROM said WHERE undated) AS undated USING (said)
),
counted AS (
    SELECT *, count(*) FILTER (NOT undated) OVER (PARTITION BY said, as_of) AS reports FROM repeated
),
earlier AS (
    SELECT
        claim_id, as_of, provenance, reports,
        max(struct_pack(reports := reports, back := DATE '9999-12-31' - as_of)) OVER before AS most, min(as_of) OVER before AS told
    FROM counted
    WINDOW before AS (
        PARTITION BY said ORDER BY as_of RANGE BETWEEN INTERVAL (repeat_days()) DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
)
SELECT claim_id, CASE WHEN most.reports > 0 THEN DATE '9999-12-31' - most.back::INTEGER ELSE told END AS cut_off
FROM earlier
WHERE reports = 0 AND provenance <> 'primary' AND told IS NOT NULL;
