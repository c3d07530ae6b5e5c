-- One row is one announcement of releases and what the situation's primary organisation verified after it.
-- Releases accrue from the week that ends on the announcement's day: a window that starts in it and reaches that day
-- is counted (`verified_same_week`), one that ended before is not. Low: verified in windows that end in time. High:
-- known only once a figure reaches past the day in question. Null is not known, never none. Where what the verifier
-- counts changes in the days of the case (`broken_on`), nothing from that day on is counted; a cumulative that falls
-- gives no growth. Where windows and total allow no number together, nothing is said of those days (`contradicted`).
CREATE MACRO announcements_from(source, known_on) AS TABLE
WITH announced AS (
    SELECT
        points.situation, points.organisation, points.role, points.population, points.breakdown, points.as_of,
        points.qualifier, points.value, points.low, points.high, points.published, points.claim_id,
        situations.primary_organisation AS verifier, min(breaks.happened) AS broken_on
    FROM query_table(source) AS points
    JOIN situations USING (situation)
    LEFT JOIN definition_breaks_as_known_on(known_on) AS breaks
        ON breaks.situation = points.situation AND breaks.organisation = situations.primary_organisation
        AND breaks.population = points.population AND breaks.measure IN ('released', 'released_to_date')
        AND breaks.happened > points.as_of - 6 AND breaks.happened <= points.as_of + 60 AND NOT breaks.bridged
    WHERE points.kind = 'promise'
    GROUP BY ALL
),
horizons AS (
    SELECT *, unnest([7, 14, 30])::INTEGER AS days FROM announced
),
verified AS (
    SELECT situation, organisation, population, breakdown, kind, period_start AS starts, as_of AS ends, low, high, claim_id
    FROM query_table(source)
    WHERE measure IN ('released', 'released_to_date') AND period_start IS NOT NULL AND is_primary
        AND role <> 'government' AND epoch = epoch_start
    QUALIFY row_number() OVER (
        PARTITION BY situation, organisation, population, breakdown, kind, starts, ends
        ORDER BY qualifier <> 'exact', published DESC, claim_id
    ) = 1
),
accrued AS (
    SELECT
        announced.claim_id AS case_, announced.as_of AS opened, verified.*,
        lag(verified.ends) OVER (
            PARTITION BY announced.claim_id ORDER BY verified.starts, verified.ends DESC, verified.claim_id
        ) AS before
    FROM announced
    JOIN verified
        ON verified.situation = announced.situation AND verified.organisation = announced.verifier
        AND verified.population = announced.population AND verified.breakdown = announced.breakdown
        AND verified.starts BETWEEN announced.as_of - 6 AND announced.as_of + 30
        AND verified.ends >= announced.as_of AND verified.ends <= announced.as_of + 60
        AND coalesce(verified.ends < announced.broken_on, true)
),
outer_ AS ( -- windows that lie in none that started earlier
    SELECT *, max(ends) OVER (
        PARTITION BY case_ ORDER BY starts, ends DESC, claim_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached
    FROM accrued
    QUALIFY reached IS NULL OR ends > reached
),
flows AS (
    SELECT
        horizons.claim_id AS case_, horizons.days,
        CASE WHEN bool_or(starts < reached) THEN max(outer_.low) FILTER (ends <= opened + days)
            ELSE sum(outer_.low) FILTER (ends <= opened + days) END::BIGINT AS low,
        CASE
            WHEN bool_or(starts < reached) OR max(ends) < any_value(opened + days) OR bool_or(starts > reached + 1)
                OR min(starts) > any_value(opened) + 1
                OR count(*) FILTER (starts < opened + days AND outer_.high IS NULL) > 0
            THEN NULL
            ELSE sum(outer_.high) FILTER (starts < opened + days)
        END::BIGINT AS high,
        list(outer_.claim_id ORDER BY ends, outer_.claim_id) FILTER (ends <= opened + days) AS claims
    FROM horizons JOIN outer_ ON outer_.case_ = horizons.claim_id
    GROUP BY ALL
),
running AS ( -- the cumulative with most values before the announcement
    SELECT announced.claim_id AS case_, verified.starts
    FROM announced
    JOIN (
        SELECT situation, organisation, population, breakdown, starts, count(*) AS figures, min(ends) AS first, max(ends) AS last
        FROM verified WHERE kind = 'cumulative' GROUP BY ALL
    ) AS verified
        ON verified.situation = announced.situation AND verified.organisation = announced.verifier
        AND verified.population = announced.population AND verified.breakdown = announced.breakdown
        AND verified.first <= announced.as_of AND verified.last > announced.as_of
    QUALIFY row_number() OVER (PARTITION BY announced.claim_id ORDER BY verified.figures DESC, verified.starts) = 1
),
stepped AS ( -- its values around the announcement, each with the most that one before it had reached
    SELECT
        announced.claim_id AS case_, verified.ends, verified.low, verified.high,
        max(verified.low) OVER (
            PARTITION BY announced.claim_id ORDER BY verified.ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM announced
    JOIN running ON running.case_ = announced.claim_id
    JOIN verified
        ON verified.situation = announced.situation AND verified.organisation = announced.verifier
        AND verified.population = announced.population AND verified.breakdown = announced.breakdown
        AND verified.kind = 'cumulative' AND verified.starts = running.starts
        AND verified.ends BETWEEN announced.as_of - 31 AND announced.as_of + 61
        AND coalesce(verified.ends < announced.broken_on, true)
),
rising AS (
    SELECT * FROM stepped QUALIFY NOT coalesce(bool_or(high < reached) OVER (PARTITION BY case_), false)
),
grown AS (
    SELECT
        horizons.claim_id AS case_, horizons.days,
        max(rising.low) FILTER (ends <= horizons.as_of + days AND ends >= horizons.as_of)
            - min(rising.high) FILTER (ends >= horizons.as_of) AS low,
        min(rising.high) FILTER (ends >= horizons.as_of + days)
            - max(rising.low) FILTER (ends <= horizons.as_of) AS high
    FROM horizons JOIN rising ON rising.case_ = horizons.claim_id
    GROUP BY ALL
),
shares AS (
    SELECT
        horizons.claim_id, horizons.days,
        greatest(flows.low, CASE WHEN grown.low >= 0 THEN grown.low END) AS low,
        least(flows.high, grown.high) AS high,
        coalesce(greatest(flows.low, CASE WHEN grown.low >= 0 THEN grown.low END) > least(flows.high, grown.high), false)
            AS crossed,
        flows.claims
    FROM horizons
    LEFT JOIN flows ON flows.case_ = horizons.claim_id AND flows.days = horizons.days
    LEFT JOIN grown ON grown.case_ = horizons.claim_id AND grown.days = horizons.days
),
wide AS (
    SELECT
        claim_id,
        max(low) FILTER (days = 7 AND NOT crossed) AS verified_7_low, max(high) FILTER (days = 7 AND NOT crossed) AS verified_7_high,
        max(low) FILTER (days = 14 AND NOT crossed) AS verified_14_low, max(high) FILTER (days = 14 AND NOT crossed) AS verified_14_high,
        max(low) FILTER (days = 30 AND NOT crossed) AS verified_30_low, max(high) FILTER (days = 30 AND NOT crossed) AS verified_30_high,
        max(claims) FILTER (days = 30) AS verified_claims,
        coalesce(list(days ORDER BY days) FILTER (crossed), []) AS contradicted
    FROM shares
    GROUP BY claim_id
),
same_week AS (
    SELECT case_, max(low) AS verified_same_week, max_by(claim_id, low) AS same_week_claim
    FROM outer_ WHERE ends = opened AND starts < opened GROUP BY case_
)
SELECT
    announced.situation, announced.as_of, announced.as_of - 6 AS week_starts, announced.organisation, announced.role,
    announced.population, announced.breakdown, announced.qualifier, announced.value AS announced,
    announced.low AS announced_low, announced.high AS announced_high, announced.published, announced.claim_id AS claim,
    announced.verifier, announced.broken_on, same_week.verified_same_week, same_week.same_week_claim,
    wide.* EXCLUDE (claim_id),
    verified_7_low / nullif(announced.high, 0) AS share_7_low, verified_7_high / nullif(announced.low, 0) AS share_7_high,
    verified_14_low / nullif(announced.high, 0) AS share_14_low,
    verified_14_high / nullif(announced.low, 0) AS share_14_high,
    verified_30_low / nullif(announced.high, 0) AS share_30_low,
    verified_30_high / nullif(announced.low, 0) AS share_30_high
FROM announced
JOIN wide USING (claim_id)
LEFT JOIN same_week ON same_week.case_ = announced.claim_id;

-- One row is what was announced, or what a primary organisation verified, through a span of days: little of a large history.
CREATE TABLE announcement_points AS
SELECT
    situation, organisation, role, is_primary, measure, kind, population, breakdown, period_start, as_of, qualifier, value,
    low, high, published, claim_id, epoch, epoch_start, known_from, known_until
FROM point_spans
WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld
    AND (kind = 'promise' OR (is_primary AND measure IN ('released', 'released_to_date')));

CREATE MACRO announcements_as_known_on(known_on) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM announcement_points WHERE known_from <= known_on AND known_until > known_on
)
FROM announcements_from('known_points', known_on);

CREATE TABLE announcements AS FROM announcements_as_known_on(DATE '9999-12-31');
