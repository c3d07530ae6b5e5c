-- One row is the way from one statement of a stock to the next: opening - released + detained + reported late - deaths,
-- and what is left to the closing one. Only figures with both bounds stand at the ends; two of a speaker whom nobody named
-- are no way, since they may be of two.
-- Flows count only where their window lies inside. A flow is one that was stated (`stated`), a cumulative that starts
-- inside (`stated`), or the difference of two values of one cumulative (`derived`). What nobody stated as a total is null
-- and named in `missing`, and the residual holds it; but where releases or new detentions do not reach over the whole way
-- (`complete`), there is no residual, only `unexplained`: the change less what was reported. A cumulative that fell on
-- the way gives no flow (`fell` names it), nor does one that grew by more than was stated of a window around (`exceeds`), nor
-- one whose definition broke there.
-- Through each span of days in which it was so: a way is looked at anew (`way`) whenever one of its figures changes.
CREATE TABLE reconciliation_spans AS
WITH standing AS NOT MATERIALIZED (
    SELECT *, hash(situation, organisation, population) AS own
    FROM point_spans WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld AND NOT unnamed
),
stated_stocks AS (
    SELECT
        situation, organisation, population, as_of, value, low, high, claim_id, break_days, qualifier, published, own,
        hash(own, as_of) AS key, known_from, known_until
    FROM standing
    WHERE measure = 'in_custody' AND breakdown = 'total' AND qualifier IN ('exact', 'range') AND baseline IS NULL
),
stocks AS MATERIALIZED ( -- one of each day
    SELECT *, row_number() OVER () AS stock
    FROM sliced('stated_stocks')
    QUALIFY row_number() OVER (
        PARTITION BY key, known_from ORDER BY qualifier <> 'exact', published DESC, claim_id
    ) = 1
),
closing AS (
    SELECT stock AS asker, own AS line, as_of - DATE '1970-01-01' - 1 AS moment, known_from, known_until FROM stocks
),
opening AS (
    SELECT
        own AS line, as_of - DATE '1970-01-01' AS moment, 0 AS tie,
        struct_pack(as_of := as_of, value := value, low := low, high := high, claim_id := claim_id) AS choice,
        known_from, known_until
    FROM stocks
),
ways AS (
    SELECT
        stocks.situation, stocks.organisation, stocks.population, stocks.own, stocks.break_days,
        before.choice.as_of AS opening_as_of, before.choice.value AS opening,
        before.choice.low AS opening_low, before.choice.high AS opening_high,
        before.choice.claim_id AS opening_claim, 'stated' AS opening_basis,
        stocks.as_of, stocks.value AS closing, stocks.low AS closing_low, stocks.high AS closing_high,
        stocks.claim_id AS closing_claim, before.known_from, before.known_until
    FROM nearest_known('closing', 'opening') AS before JOIN stocks ON stocks.stock = before.asker
    WHERE before.choice IS NOT NULL
    UNION ALL BY NAME
    SELECT
        stocks.situation, stocks.organisation, stocks.population, stocks.own, stocks.break_days,
        changes.period_start AS opening_as_of, stocks.value - changes.change AS opening,
        stocks.low - changes.change AS opening_low, stocks.high - changes.change AS opening_high,
        'stated_change' AS opening_basis,
        stocks.as_of, stocks.value AS closing, stocks.low AS closing_low, stocks.high AS closing_high,
        stocks.claim_id AS closing_claim,
        greatest(stocks.known_from, changes.published) AS known_from, stocks.known_until
    FROM stocks
    JOIN stated_changes AS changes
        ON changes.situation = stocks.situation AND changes.organisation = stocks.organisation
        AND changes.population = stocks.population AND changes.as_of = stocks.as_of
        AND changes.measure = 'in_custody'
    WHERE changes.published < stocks.known_until
        AND NOT broken_between(stocks.break_days, changes.period_start, stocks.as_of)
),
known_ways AS MATERIALIZED (
    SELECT *, row_number() OVER () AS key FROM ways
),
stated_movements AS (
    SELECT
        own,
        CASE
            WHEN breakdown <> 'total' THEN 'reported_late'
            WHEN measure IN ('released', 'released_to_date') THEN 'released'
            WHEN measure IN ('detained', 'detained_to_date') THEN 'detained'
            ELSE 'deaths'
        END AS term,
        kind, period_start AS starts, as_of AS ends, low, high, claim_id, published, qualifier, break_days,
        hash(own, term, kind, starts, ends) AS key, known_from, known_until
    FROM standing
    WHERE period_start IS NOT NULL AND (
        (breakdown = 'total' AND measure IN (
            'released', 'released_to_date', 'detained', 'detained_to_date', 'deaths_in_custody_to_date'
        ))
        OR (measure = 'detained' AND breakdown IN ('status=previously_unknown', 'status=reported_late'))
    )
),
known_movements AS (
    SELECT * EXCLUDE (key)
    FROM sliced('stated_movements')
    QUALIFY row_number() OVER (
        PARTITION BY key, known_from ORDER BY qualifier <> 'exact', published DESC, claim_id
    ) = 1
),
members AS MATERIALIZED ( -- each way with the movements within it and at its opening, and the flows that reach beyond it
    SELECT key, NULL AS movements, known_from, known_until FROM known_ways
    UNION ALL
    SELECT
        known_ways.key, moved, greatest(known_ways.known_from, moved.known_from), least(known_ways.known_until, moved.known_until)
    FROM known_ways
    JOIN known_movements AS moved
        ON moved.own = known_ways.own AND moved.ends >= known_ways.opening_as_of
        AND (moved.ends <= known_ways.as_of OR (moved.kind = 'flow' AND moved.starts < known_ways.as_of))
        AND moved.known_from < known_ways.known_until AND known_ways.known_from < moved.known_until
),
looked_at AS MATERIALIZED (
    SELECT
        hash(key, members.known_from) AS way, members.known_from, members.known_until, movements,
        known_ways.* EXCLUDE (known_from, known_until)
    FROM sliced('members') AS members JOIN known_ways USING (key)
),
numbered AS (
    SELECT * EXCLUDE (movements, key) FROM looked_at WHERE movements IS NULL
),
inside AS (
    SELECT way, opening_as_of, as_of, movements FROM looked_at
    WHERE movements.ends > opening_as_of AND movements.ends <= as_of
),
unbroken AS (
    SELECT * FROM inside WHERE NOT broken_between(movements.break_days, opening_as_of, as_of)
),
stated AS (
    SELECT
        way, movements.term AS term, movements.low AS low, movements.high AS high, movements.claim_id AS claim_id,
        movements.starts AS starts, movements.ends AS ends,
        greatest(movements.ends - movements.starts, 1) AS days
    FROM unbroken
    WHERE movements.starts >= opening_as_of
),
chained AS (
    SELECT *, lag(ends) OVER (PARTITION BY way, term ORDER BY starts, ends) AS before FROM stated
),
direct AS ( -- all stated flows where none overlap, else the longest
    SELECT
        way, term, 'stated' AS basis,
        CASE WHEN overlap THEN longest.low ELSE low END AS low,
        CASE WHEN overlap THEN longest.high ELSE high END AS high,
        CASE WHEN overlap THEN longest.days ELSE days END::INTEGER AS days,
        CASE WHEN overlap THEN [longest.claim_id] ELSE claims END AS claims
    FROM (
        SELECT
            way, term, coalesce(bool_or(starts < before), false) AS overlap,
            max(struct_pack(days := days, claim_id := claim_id, low := low, high := high)) AS longest,
            sum(low)::BIGINT AS low, CASE WHEN count(high) = count(*) THEN sum(high)::BIGINT END AS high,
            sum(days) AS days, listed(claim_id, row(ends, claim_id)) AS claims
        FROM chained
        GROUP BY way, term
    )
),
running AS ( -- values of one cumulative within the way, its two ends included
    SELECT way, movements.term AS term, movements.starts AS starts, movements.ends AS ends, movements.low AS low,
        movements.high AS high, movements.claim_id AS claim_id
    FROM unbroken
    WHERE movements.kind = 'cumulative' AND movements.starts < opening_as_of
    UNION ALL
    SELECT way, movements.term, movements.starts, movements.ends, movements.low, movements.high, movements.claim_id
    FROM looked_at
    WHERE movements.kind = 'cumulative' AND movements.ends = opening_as_of
),
stepped AS ( -- each value with the most that one before it had reached
    SELECT *, max(low) OVER (
        PARTITION BY way, term, starts ORDER BY ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached
    FROM running
),
differences AS ( -- an aggregate passes over an open bound; so the ends are taken whole, bounds and all
    SELECT
        way, term, 'derived' AS basis,
        greatest(most_known - least_allowed, 0) AS low, closes.high - opens.low AS high,
        days, [opens.claim_id, closes.claim_id] AS claims, fell, opens.ends AS opened, closes.ends AS closed
    FROM (
        SELECT
            way, term,
            min(struct_pack(ends := ends, low := low, high := high, claim_id := claim_id)) AS opens,
            max(struct_pack(ends := ends, low := low, high := high, claim_id := claim_id)) AS closes,
            max(low) AS most_known, min(high) AS least_allowed, -- of a count that never falls, at any day of the way
            (max(ends) - min(ends))::INTEGER AS days,
            coalesce(bool_or(high < reached), false) AS fell
        FROM stepped
        GROUP BY way, term, starts
        HAVING max(ends) > min(ends)
    )
),
around AS (
    SELECT way, movements.term AS term, movements.starts AS starts, movements.ends AS ends, movements.high AS most
    FROM looked_at
    WHERE movements.kind = 'flow' AND NOT broken_between(movements.break_days, movements.starts, movements.ends)
),
derived AS (
    SELECT * EXCLUDE (opened, closed, stated), coalesce(NOT fell AND low > stated, false) AS exceeds
    FROM (
        SELECT differences.*, min(around.most) AS stated
        FROM differences
        LEFT JOIN around
            ON around.way = differences.way AND around.term = differences.term
            AND around.starts <= differences.opened + 1 AND around.ends >= differences.closed
        GROUP BY ALL
    )
),
terms AS (
    SELECT * FROM (
        FROM direct
        UNION ALL BY NAME
        SELECT * EXCLUDE (fell, exceeds) FROM derived
        WHERE NOT fell AND NOT exceeds AND (low > 0 OR high IS NOT NULL)
    )
    QUALIFY row_number() OVER ( -- a month that was stated reaches as far as the difference of its two ends, a day before it
        PARTITION BY way, term ORDER BY days + (basis = 'stated')::INTEGER DESC, basis DESC, claims[1]
    ) = 1
),
unused AS (
    SELECT
        way, list_sort(list(DISTINCT term) FILTER (fell)) AS fell, list_sort(list(DISTINCT term) FILTER (exceeds)) AS exceeds
    FROM derived ANTI JOIN terms USING (way, term)
    WHERE fell OR exceeds
    GROUP BY way
),
parted AS ( -- flows that only a figure across a break of its own definition gives
    SELECT way, list_sort(list(DISTINCT movements.term)) AS parted
    FROM inside ANTI JOIN terms ON terms.way = inside.way AND terms.term = movements.term
    WHERE broken_between(movements.break_days, opening_as_of, as_of)
    GROUP BY way
),
wide AS (
    SELECT
        way,
        max(low) FILTER (term = 'released') AS released_low, max(high) FILTER (term = 'released') AS released_high,
        max(days) FILTER (term = 'released') AS released_days, max(basis) FILTER (term = 'released') AS released_basis,
        max(low) FILTER (term = 'detained') AS detained_low, max(high) FILTER (term = 'detained') AS detained_high,
        max(days) FILTER (term = 'detained') AS detained_days, max(basis) FILTER (term = 'detained') AS detained_basis,
        max(low) FILTER (term = 'reported_late') AS late_low, max(high) FILTER (term = 'reported_late') AS late_high,
        max(low) FILTER (term = 'deaths') AS deaths_low, max(high) FILTER (term = 'deaths') AS deaths_high,
        list_distinct(flatten(list(claims))) AS flow_claims
    FROM terms
    GROUP BY way
),
told AS (
    SELECT
        numbered.*, wide.* EXCLUDE (way), coalesce(unused.fell, []) AS fell, coalesce(unused.exceeds, []) AS exceeds,
        coalesce(parted.parted, []) AS parted,
        broken_between(numbered.break_days, numbered.opening_as_of, numbered.as_of) AS broken,
        numbered.as_of - numbered.opening_as_of AS days,
        coalesce(released_days >= days - 1 AND detained_days >= days - 1, false) AS complete,
        complete AND NOT broken AS reconcilable
    FROM numbered LEFT JOIN wide USING (way) LEFT JOIN unused USING (way) LEFT JOIN parted USING (way)
)
SELECT
    situation, organisation, population, opening_as_of, as_of, days,
    opening, opening_low, opening_high, opening_basis, opening_claim,
    released_low, released_high, released_basis, released_days,
    detained_low, detained_high, detained_basis, detained_days,
    late_low AS reported_late_low, late_high AS reported_late_high, deaths_low, deaths_high,
    closing, closing_low, closing_high, closing_claim,
    CASE WHEN NOT broken THEN closing - opening END AS change,
    CASE WHEN reconcilable THEN
        closing_low - opening_high + released_low - detained_high
            - CASE WHEN late_low IS NULL THEN coalesce(late_high, 0) ELSE late_high END + coalesce(deaths_low, 0)
    END AS residual_low,
    CASE WHEN reconcilable THEN
        closing_high - opening_low + released_high - detained_low
            - coalesce(late_low, 0) + CASE WHEN deaths_low IS NULL THEN coalesce(deaths_high, 0) ELSE deaths_high END
    END AS residual_high,
    CASE WHEN residual_low = residual_high THEN residual_low END AS residual,
    CASE WHEN NOT broken AND (released_days IS NOT NULL OR detained_days IS NOT NULL) THEN
        closing - opening + coalesce(released_low, 0) - coalesce(detained_low, 0)
            - coalesce(late_low, 0) + coalesce(deaths_low, 0)
    END AS unexplained,
    list_filter([
        CASE WHEN released_days IS NULL THEN 'released' END,
        CASE WHEN detained_days IS NULL THEN 'detained' END,
        CASE WHEN late_low IS NULL AND late_high IS NULL THEN 'reported_late' END,
        CASE WHEN deaths_low IS NULL AND deaths_high IS NULL THEN 'deaths' END
    ], lambda term: term IS NOT NULL) AS missing,
    complete,
    fell,
    exceeds,
    CASE
        WHEN broken OR list_has_any(parted, ['released', 'detained']) THEN 'break'
        WHEN list_has_any(fell, ['released', 'detained']) THEN 'fell'
        WHEN list_has_any(exceeds, ['released', 'detained']) THEN 'exceeds'
        WHEN list_has_any(missing, ['released', 'detained']) THEN 'missing'
        WHEN NOT complete THEN 'partial'
    END AS refused,
    list_sort(flow_claims) AS flow_claims,
    known_from, known_until
FROM told;

CREATE MACRO reconciliation_as_known_on(known_on) AS TABLE
SELECT * EXCLUDE (known_from, known_until)
FROM reconciliation_spans WHERE known_from <= known_on AND known_until > known_on;

CREATE VIEW reconciliation AS
SELECT * EXCLUDE (known_from, known_until) FROM reconciliation_spans WHERE known_until = DATE 'infinity';
