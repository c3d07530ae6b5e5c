-- One row is one row of the lists of all offices, as a tally reads it. `rows_kept` has what the lake keeps.
CREATE VIEW rows_typed AS
SELECT
    number_row(list_position(getvariable('offices'), office) - 1, line) AS row, person, stay,
    TIMESTAMP '1900-01-01' + entered AS entered, TIMESTAMP '1900-01-01' + left_on AS left_on, exit_given,
    (TIMESTAMP '1900-01-01' + recorded)::DATE AS recorded, (TIMESTAMP '1900-01-01' + born)::DATE AS born,
    age_implausible, how_unknown, goes_to, mechanism, sex, service, nationality, sentenced, facility
FROM rows_kept;
