-- One row is one moment at which several registries count the same thing: a band with each edge named, no average.
-- The moments are those of the situation's primary organisation, or of the registry with most figures where it has
-- none; every other registry stands with its figure nearest in days, within seven. Governments have no registry here.
CREATE MACRO bands_from(source) AS TABLE
WITH figures AS (
    SELECT
        situation, organisation, is_primary, measure, population, breakdown, baseline, as_of,
        qualifier, value, low, high, claim_id, break_days,
        hash(situation, measure, population, breakdown, baseline) AS thing
    FROM query_table(source)
    WHERE kind IN ('stock', 'cumulative') AND role IN ('ngo', 'opposition', 'international') AND epoch = epoch_start
        AND (kind = 'stock' OR baseline IS NOT NULL)
    QUALIFY row_number() OVER (
        PARTITION BY thing, organisation, as_of ORDER BY qualifier <> 'exact', published DESC, claim_id
    ) = 1
),
registries AS (
    SELECT thing, organisation, any_value(is_primary) AS is_primary, count(*) AS figures
    FROM figures
    GROUP BY thing, organisation
    QUALIFY count(*) OVER (PARTITION BY thing) > 1
),
leads AS (
    SELECT thing, organisation
    FROM registries
    QUALIFY row_number() OVER (PARTITION BY thing ORDER BY is_primary DESC, figures DESC, organisation) = 1
),
anchors AS (
    SELECT figures.* FROM figures SEMI JOIN leads USING (thing, organisation)
),
grid AS (
    SELECT anchors.thing, anchors.as_of AS day, registries.organisation
    FROM anchors JOIN registries USING (thing)
    WHERE registries.organisation <> anchors.organisation
),
near AS (
    SELECT grid.thing, grid.day, figures
    FROM grid ASOF JOIN figures
        ON figures.thing = grid.thing AND figures.organisation = grid.organisation AND grid.day >= figures.as_of
    WHERE grid.day - figures.as_of <= 7 AND NOT broken_between(figures.break_days, figures.as_of, grid.day)
    UNION ALL
    SELECT grid.thing, grid.day, figures
    FROM grid ASOF JOIN figures
        ON figures.thing = grid.thing AND figures.organisation = grid.organisation AND grid.day < figures.as_of
    WHERE figures.as_of - grid.day <= 7 AND NOT broken_between(figures.break_days, grid.day, figures.as_of)
),
members AS (
    SELECT thing, day, figures AS figure
    FROM near
    QUALIFY row_number() OVER (
        PARTITION BY thing, day, figures.organisation ORDER BY abs(day - figures.as_of), figures.as_of
    ) = 1
    UNION ALL
    SELECT thing, as_of, anchors FROM anchors
)
SELECT
    figure.situation AS situation, day AS as_of, figure.measure AS measure, figure.population AS population,
    figure.breakdown AS breakdown, figure.baseline AS baseline,
    count(*) AS registries,
    min_by(figure.organisation, row(figure.value, figure.organisation)) AS low_organisation,
    min(figure.value) AS low_value,
    min_by(figure.qualifier, row(figure.value, figure.organisation)) AS low_qualifier,
    min_by(figure.as_of, row(figure.value, figure.organisation)) AS low_as_of,
    min_by(figure.claim_id, row(figure.value, figure.organisation)) AS low_claim,
    max_by(figure.organisation, row(figure.value, figure.organisation)) AS high_organisation,
    max(figure.value) AS high_value,
    max_by(figure.qualifier, row(figure.value, figure.organisation)) AS high_qualifier,
    max_by(figure.as_of, row(figure.value, figure.organisation)) AS high_as_of,
    max_by(figure.claim_id, row(figure.value, figure.organisation)) AS high_claim,
    list(figure.organisation ORDER BY figure.value, figure.organisation) AS organisations,
    list(figure.value ORDER BY figure.value, figure.organisation) AS values,
    list(figure.claim_id ORDER BY figure.value, figure.organisation) AS claims
FROM members
GROUP BY ALL
HAVING count(*) > 1;

CREATE MACRO bands_as_known_on(known_on) AS TABLE
WITH known_points AS MATERIALIZED (
    FROM points_as_known_on(known_on) WHERE standing = 'stands' AND NOT withheld
)
FROM bands_from('known_points');

CREATE TABLE bands AS FROM bands_from('standing_points');
