-- One row is one moment around which several registries count the same thing: a band with each edge named and its own
-- day beside it (`low_as_of`, `high_as_of`), no average: the days of a band are close together, not one.
-- The moments are those of the situation's primary organisation, or of the registry with most figures where it has
-- none; every other registry stands with its figure nearest in days, within seven. Governments have no registry here.
CREATE MACRO bands_from(source) AS TABLE
WITH figures AS MATERIALIZED (
    SELECT
        situation, organisation, is_primary, measure, population, breakdown, baseline, as_of,
        qualifier, value, claim_id, break_days, published,
        hash(situation, measure, population, breakdown, baseline) AS thing,
        hash(situation, measure, population, breakdown, baseline, organisation, as_of) AS moment
    FROM query_table(source)
    WHERE kind IN ('stock', 'cumulative') AND role IN ('ngo', 'opposition', 'international') AND epoch = epoch_start
        AND (kind = 'stock' OR baseline IS NOT NULL)
),
several AS (
    SELECT moment FROM figures GROUP BY moment HAVING count(*) > 1
),
spoken AS MATERIALIZED ( -- one figure of each registry and day
    FROM figures ANTI JOIN several USING (moment)
    UNION ALL
    FROM figures SEMI JOIN several USING (moment)
    QUALIFY row_number() OVER (PARTITION BY moment ORDER BY qualifier <> 'exact', published DESC, claim_id) = 1
),
registries AS (
    SELECT thing, organisation, any_value(is_primary) AS is_primary, count(*) AS figures
    FROM spoken
    GROUP BY thing, organisation
    QUALIFY count(*) OVER (PARTITION BY thing) > 1
),
leads AS (
    SELECT thing, organisation
    FROM registries
    QUALIFY row_number() OVER (PARTITION BY thing ORDER BY is_primary DESC, figures DESC, organisation) = 1
),
anchors AS MATERIALIZED (
    SELECT spoken.* FROM spoken SEMI JOIN leads USING (thing, organisation)
),
days AS ( -- a figure within seven days lies in the same week of a fixed calendar, or in the one before or after
    SELECT thing, organisation, as_of AS day, epoch(as_of)::BIGINT // 604800 + unnest([-1, 0, 1]) AS week FROM anchors
),
near AS (
    SELECT
        days.thing, days.day, spoken.organisation,
        arg_min(
            struct_pack(
                value := spoken.value, organisation := spoken.organisation, qualifier := spoken.qualifier,
                as_of := spoken.as_of, claim_id := spoken.claim_id
            ),
            abs(days.day - spoken.as_of) * 2 + (spoken.as_of > days.day)::INTEGER -- the earlier of two as near
        ) AS figure
    FROM spoken
    JOIN days
        ON days.thing = spoken.thing AND days.week = epoch(spoken.as_of)::BIGINT // 604800
        AND days.organisation <> spoken.organisation
    WHERE abs(days.day - spoken.as_of) <= 7
        AND NOT broken_between(spoken.break_days, least(spoken.as_of, days.day), greatest(spoken.as_of, days.day))
    GROUP BY days.thing, days.day, spoken.organisation
),
members AS (
    SELECT thing, day, figure FROM near
    UNION ALL
    SELECT
        thing, as_of,
        struct_pack(
            value := value, organisation := organisation, qualifier := qualifier, as_of := as_of, claim_id := claim_id
        )
    FROM anchors
),
edges AS ( -- by value, then by name
    SELECT thing, day, list_sort(list(figure)) AS sides
    FROM members
    GROUP BY thing, day
    HAVING count(*) > 1
)
SELECT
    anchors.situation, edges.day AS as_of, anchors.measure, anchors.population, anchors.breakdown, anchors.baseline,
    len(sides) AS registries,
    sides[1].organisation AS low_organisation, sides[1].value AS low_value, sides[1].qualifier AS low_qualifier,
    sides[1].as_of AS low_as_of, sides[1].claim_id AS low_claim,
    sides[-1].organisation AS high_organisation, sides[-1].value AS high_value,
    sides[-1].qualifier AS high_qualifier, sides[-1].as_of AS high_as_of, sides[-1].claim_id AS high_claim,
    list_transform(sides, lambda side: side.organisation) AS organisations,
    list_transform(sides, lambda side: side.value) AS values,
    list_transform(sides, lambda side: side.claim_id) AS claims
FROM edges JOIN anchors ON anchors.thing = edges.thing AND anchors.as_of = edges.day
QUALIFY row_number() OVER ( -- two edges are one band, at the moment nearest to both, however many lie around them
    PARTITION BY anchors.thing, low_claim, high_claim
    ORDER BY abs(edges.day - low_as_of) + abs(edges.day - high_as_of), edges.day
) = 1;

CREATE MACRO bands_as_known_on(known_on) AS TABLE
WITH known_points AS NOT MATERIALIZED (
    FROM standing_points_as_known_on(known_on)
)
FROM bands_from('known_points');

CREATE TABLE bands AS FROM bands_from('standing_points');
