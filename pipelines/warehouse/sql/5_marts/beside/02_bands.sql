-- One row is one figure that can be an edge of a band, through a span of days. Stored by what is counted, then by value and
-- name, so that of several figures the first row is the lowest and the last the highest. `choice` tells those apart that
-- one registry gave of one day. Governments have no registry here, nor has who was not
-- named.
CREATE TABLE band_figure_spans AS
WITH figures AS MATERIALIZED (
    SELECT
        situation, organisation, is_primary, measure, population, breakdown, baseline, as_of, qualifier, value, claim_id,
        break_days, published, known_from, known_until,
        hash(situation, measure, population, breakdown, baseline) AS thing,
        hash(situation, measure, population, breakdown, baseline, organisation, as_of) AS moment
    FROM point_spans
    WHERE standing = 'stands' AND doubt IS NULL AND NOT withheld AND NOT unnamed
        AND kind IN ('stock', 'cumulative') AND role IN ('ngo', 'opposition', 'international') AND epoch = epoch_start
        AND (kind = 'stock' OR baseline IS NOT NULL)
),
several AS (
    SELECT moment FROM figures GROUP BY moment HAVING count(*) > 1
),
told AS (
    SELECT *, 0 AS choice FROM figures ANTI JOIN several USING (moment)
    UNION ALL
    SELECT *, row_number() OVER (PARTITION BY moment ORDER BY qualifier <> 'exact', published DESC, claim_id)
    FROM figures SEMI JOIN several USING (moment)
)
SELECT * EXCLUDE (moment, published)
FROM told
ORDER BY situation, measure, breakdown, population, baseline, value, organisation, as_of, claim_id, known_from;

CREATE MACRO band_figures_as_known_on(known_on, counted := NULL, part := NULL) AS TABLE
SELECT *, rowid AS figure
FROM band_figure_spans
WHERE known_from <= known_on AND known_until > known_on
    AND (counted IS NULL OR measure = counted) AND (part IS NULL OR breakdown = part);

CREATE VIEW band_figures AS FROM band_figures_as_known_on(DATE '9999-12-31');

-- One row is the figure of one registry beside one moment. The moments are those of the situation's primary organisation,
-- or of the registry with figures of most days where it has none; every other registry stands with its figure nearest in days,
-- within seven. A joint statement and one of its members are one speaker: the primary organisation stands, else the member.
CREATE MACRO band_sides_from(source) AS TABLE
WITH registries AS (
    SELECT
        thing, organisation, any_value(is_primary) AS is_primary,
        count(*) FILTER (choice = 0) + count(DISTINCT as_of) FILTER (choice > 0) AS days
    FROM query_table(source)
    GROUP BY thing, organisation
    QUALIFY count(*) OVER (PARTITION BY thing) > 1
),
leads AS (
    SELECT thing, organisation
    FROM registries
    QUALIFY row_number() OVER (PARTITION BY thing ORDER BY is_primary DESC, days DESC, organisation) = 1
),
moments AS (
    SELECT DISTINCT thing, organisation, as_of AS day FROM query_table(source) SEMI JOIN leads USING (thing, organisation)
),
weeks AS ( -- a figure within seven days lies in the same week of a fixed calendar, or in the one before or after
    SELECT *, epoch(day)::BIGINT // 604800 + unnest([-1, 0, 1]) AS week FROM moments
),
nearest AS MATERIALIZED (
    SELECT
        weeks.thing, weeks.day, figures.situation, figures.organisation,
        arg_min( -- the earlier of two as near
            figures.figure, (abs(day - as_of) * 2 + (as_of > day)::INTEGER) * 65536 + choice
        ) AS figure,
        NOT any_value(figures.is_primary) AS behind
    FROM query_table(source) AS figures
    JOIN weeks ON weeks.thing = figures.thing AND weeks.week = epoch(as_of)::BIGINT // 604800
    WHERE abs(day - as_of) <= 7 AND (weeks.organisation <> figures.organisation OR day = as_of)
        AND NOT broken_between(break_days, least(as_of, day), greatest(as_of, day))
    GROUP BY weeks.thing, weeks.day, figures.situation, figures.organisation
),
joint AS ( -- who stands behind one statement with whom, or with what they signed together
    SELECT
        situation, one.organisation AS one, len(one.members) AS one_size,
        two.organisation AS other, len(two.members) AS other_size
    FROM organisations AS one JOIN organisations AS two USING (situation)
    WHERE one.organisation <> two.organisation
        AND (
            list_contains(one.members, two.organisation) OR list_contains(two.members, one.organisation)
            OR list_has_any(one.members, two.members)
        )
),
said_already AS (
    SELECT nearest.thing, nearest.day, nearest.organisation
    FROM nearest
    JOIN joint ON joint.situation = nearest.situation AND joint.one = nearest.organisation
    JOIN nearest AS first
        ON first.thing = nearest.thing AND first.day = nearest.day AND first.organisation = joint.other
    WHERE row(first.behind, other_size, first.organisation) < row(nearest.behind, one_size, nearest.organisation)
)
SELECT thing, day, figure FROM nearest ANTI JOIN said_already USING (thing, day, organisation);

-- One row is one moment around which several registries count the same thing: a band with each edge named and its own
-- day beside it (`low_as_of`, `high_as_of`), no average: the days of a band are close together, not one.
CREATE MACRO band_edges_from(source, sides) AS TABLE
WITH edges AS (
    SELECT thing, day, count(*) AS registries, min(figure) AS low, max(figure) AS high
    FROM query_table(sides)
    GROUP BY thing, day
    HAVING count(*) > 1
)
SELECT
    low.situation, edges.day AS as_of, low.measure, low.population, low.breakdown, low.baseline, registries,
    low.organisation AS low_organisation, low.value AS low_value, low.qualifier AS low_qualifier,
    low.as_of AS low_as_of, low.claim_id AS low_claim,
    high.organisation AS high_organisation, high.value AS high_value, high.qualifier AS high_qualifier,
    high.as_of AS high_as_of, high.claim_id AS high_claim,
    edges.thing
FROM edges
JOIN query_table(source) AS low ON low.figure = edges.low
JOIN query_table(source) AS high ON high.figure = edges.high
QUALIFY row_number() OVER ( -- two edges are one band, at the moment nearest to both, however many lie around them
    PARTITION BY edges.thing, low_claim, high_claim
    ORDER BY abs(edges.day - low_as_of) + abs(edges.day - high_as_of), edges.day
) = 1;

-- The bands of one thing can be asked for alone (`counted`, a measure, and its `part`).
CREATE MACRO band_edges_as_known_on(known_on, counted := NULL, part := NULL) AS TABLE
WITH figures AS MATERIALIZED (
    FROM band_figures_as_known_on(known_on, counted := counted, part := part)
),
sides AS NOT MATERIALIZED (
    FROM band_sides_from('figures')
)
SELECT * EXCLUDE (thing) FROM band_edges_from('figures', 'sides');

-- The same with every registry of the band, by value and then by name.
CREATE MACRO bands_as_known_on(known_on) AS TABLE
WITH figures AS MATERIALIZED (
    FROM band_figures_as_known_on(known_on)
),
sides AS MATERIALIZED (
    FROM band_sides_from('figures')
),
members AS (
    SELECT
        sides.thing, sides.day AS as_of,
        list_sort(list(
            struct_pack(figure := figure, organisation := organisation, value := value, claim_id := claim_id)
        )) AS members
    FROM sides JOIN figures USING (figure)
    GROUP BY sides.thing, sides.day
)
SELECT
    edges.* EXCLUDE (thing),
    list_transform(members, lambda side: side.organisation) AS organisations,
    list_transform(members, lambda side: side.value) AS values,
    list_transform(members, lambda side: side.claim_id) AS claims
FROM band_edges_from('figures', 'sides') AS edges JOIN members USING (thing, as_of);

CREATE TABLE bands AS FROM bands_as_known_on(DATE '9999-12-31');

CREATE VIEW band_edges AS SELECT * EXCLUDE (organisations, values, claims) FROM bands;
