-- One row is one figure that changed later: what was said of a moment first, what replaced it, how much, how late, by whom.
-- `cause` is `restated` where a source said it anew, `corrected` where a person corrected what was transcribed.
CREATE MACRO revisions_from(source, known_on) AS TABLE
WITH changed AS (
    SELECT DISTINCT point FROM query_table(source) WHERE revision > 0
),
said AS (
    SELECT *, row_number() OVER (PARTITION BY point, revision ORDER BY published, claim_id) AS first_said
    FROM query_table(source) SEMI JOIN changed USING (point)
    WHERE standing IN ('stands', 'superseded') AND NOT withheld
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
    NULL::VARCHAR AS reason_pt
FROM said AS new
JOIN said AS old ON old.point = new.point AND old.revision = new.revision - 1 AND old.first_said = 1
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
    corrections.reason_pt AS reason_pt
FROM corrections
JOIN claims USING (claim_id)
JOIN query_table(source) AS points USING (claim_id)
WHERE corrections.field = 'value' AND corrections.decided <= known_on AND NOT points.withheld;

CREATE MACRO revisions_as_known_on(known_on, within := NULL) AS TABLE
WITH known_points AS NOT MATERIALIZED (
    FROM points_as_known_on(known_on, within := within)
)
FROM revisions_from('known_points', known_on);

CREATE TABLE revisions AS FROM revisions_from('points', DATE '9999-12-31');
