-- One row is one row of the office's list as the lake keeps it.
CREATE TABLE rows_kept AS
SELECT
    getvariable('office') AS office, row AS line, person, stay,
    hide(entered) AS entered, hide(left_on) AS left_on, exit_given, hide(recorded::TIMESTAMP) AS recorded,
    CASE WHEN NOT age_implausible THEN hide(born::TIMESTAMP) END AS born,
    age_implausible, how_unknown, goes_to, mechanism, sex, service, nationality, sentenced, facility
FROM rows_typed;
