-- One row is one row of the list as it stands today, and its first fault.
CREATE TABLE rows_read AS
SELECT
    row, person, stay, entered, recorded,
    CASE WHEN left_on <= getvariable('end_of_today') AND goes_to IS DISTINCT FROM 'held' THEN left_on
        WHEN getvariable('joins') AND left_on <= getvariable('end_of_today') THEN left_on
    END AS left_on,
    CASE WHEN left_on IS NOT NULL THEN coalesce(goes_to, CASE WHEN how_unknown THEN 'left' END) END AS goes_to,
    CASE WHEN goes_to = 'released' THEN mechanism END AS mechanism,
    CASE WHEN NOT age_implausible THEN born END AS born,
    sex, service, nationality, sentenced, facility, age_implausible, how_unknown,
    CASE
        WHEN person IS NULL THEN 'person_missing'
        WHEN entered IS NULL THEN 'entry_unread'
        WHEN entered >= getvariable('end_of_today') THEN 'entry_in_future'
        WHEN exit_given AND left_on IS NULL THEN 'exit_unread'
        WHEN left_on < entered THEN 'exit_before_entry'
        WHEN left_on >= getvariable('end_of_today') THEN 'exit_in_future'
        WHEN left_on IS NULL AND (how_unknown OR goes_to <> 'held') THEN 'exit_undated'
    END::VARCHAR AS fault
FROM rows_typed;
