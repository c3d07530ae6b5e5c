-- One row is one figure that changed later: what was said of a moment first, what replaced it, how much, how late, by whom.
-- `cause` is `restated` where a source said it anew (one that nobody named may be two: it restates nothing), `corrected`
-- where a person corrected what was transcribed. Through each span of days in which it was so.
CREATE TABLE revision_spans AS
WITH changed AS (
    SELECT DISTINCT point FROM point_spans WHERE revision > 0 AND NOT unnamed
),
told AS (
    SELECT *, point AS key
    FROM point_spans SEMI JOIN changed USING (point)
    WHERE standing IN ('stands', 'superseded') AND NOT withheld
),
said AS (
    SELECT
        *, row_number() OVER (one ORDER BY published, claim_id) AS first_said, bool_or(standing = 'stands') OVER one AS settled
    FROM sliced('told')
    WINDOW one AS (PARTITION BY point, known_from, revision)
)
SELECT
    new.situation AS situation, new.organisation AS organisation, new.measure AS measure,
    new.population AS population, new.breakdown AS breakdown, new.period_start AS period_start, new.as_of AS as_of,
    'restated' AS cause, new.revision AS revision,
    old.qualifier AS old_qualifier, old.value AS old_value, old.published AS old_published,
    old.claim_id AS old_claim, old.publisher AS old_publisher,
    new.qualifier AS new_qualifier, new.value AS new_value, new.published AS new_published,
    new.claim_id AS new_claim, new.publisher AS new_publisher,
    new.low - old.high AS change_low, new.high - old.low AS change_high,
    new.published - old.published AS days_late, NULL::VARCHAR AS reason, NULL::VARCHAR AS reason_en,
    NULL::VARCHAR AS reason_pt, new.known_from, new.known_until
FROM said AS new
JOIN said AS old
    ON old.point = new.point AND old.known_from = new.known_from AND old.revision = new.revision - 1
    AND old.first_said = 1
WHERE new.doubt IS NULL AND (new.standing = 'stands' OR NOT new.settled)
UNION ALL BY NAME
SELECT
    claims.situation AS situation, claims.organisation AS organisation, points.measure AS measure,
    claims.population AS population, points.breakdown AS breakdown, points.period_start AS period_start,
    points.as_of AS as_of, 'corrected' AS cause,
    claims.qualifier AS old_qualifier, corrections.expected::BIGINT AS old_value, claims.published AS old_published,
    claims.claim_id AS old_claim, claims.publisher AS old_publisher,
    points.qualifier AS new_qualifier, corrections.corrected::BIGINT AS new_value,
    corrections.decided AS new_published, claims.claim_id AS new_claim,
    corrections.corrected::BIGINT - corrections.expected::BIGINT AS change_low,
    corrections.corrected::BIGINT - corrections.expected::BIGINT AS change_high,
    corrections.decided - claims.published AS days_late, corrections.reason AS reason, corrections.reason_en AS reason_en,
    corrections.reason_pt AS reason_pt,
    greatest(points.known_from, corrections.decided) AS known_from, points.known_until
FROM corrections
JOIN claims USING (claim_id)
JOIN point_spans AS points USING (claim_id)
WHERE corrections.field = 'value' AND corrections.decided < points.known_until AND NOT points.withheld;

CREATE MACRO revisions_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until) FROM revision_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW revisions AS
SELECT * EXCLUDE (known_from, known_until) FROM revision_spans WHERE known_until = DATE 'infinity';
