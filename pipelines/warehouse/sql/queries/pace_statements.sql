-- One row is one statement that a pace can be read from, as one organisation's totals were known on a day.
WITH stated AS NOT MATERIALIZED (
    FROM statements_as_known_on($as_known_on) WHERE situation = $situation AND organisation = $organisation
)
SELECT * EXCLUDE (situation, organisation) FROM outlook_series_from('stated');
