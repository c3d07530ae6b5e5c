-- One row is one row of the list: its days read, its codes looked up, and its first fault. Nothing that was written in it
-- is kept: a person is a number that means nothing after this run. The header is row 1.
CREATE TABLE rows_read AS
WITH numbered AS (
    SELECT coalesce(line, row_number() OVER () + 1) AS row, * FROM listed
),
typed AS (
    SELECT
        row, keyed(person) AS person, keyed(stay) AS stay,
        read_moment(entry) AS entered, read_moment(exit) AS left_on, says(exit) AS exit_given,
        read_moment(recorded)::DATE AS recorded,
        CASE WHEN says(birth) THEN read_moment(birth)::DATE
            WHEN says(birth_year) THEN try_strptime(trim(birth_year), '%Y')::DATE
        END AS born,
        says(birth) OR says(birth_year) AS birth_given,
        spell(how) AS how, spell(sex) AS sex, spell(service) AS service, spell(nationality) AS nationality,
        spell(sentenced) AS sentenced, spell(facility) AS facility
    FROM numbered
),
placed AS (
    SELECT
        typed.row, typed.person, typed.stay, entered, left_on, exit_given, recorded, born,
        birth_given AND (born IS NULL OR born > entered::DATE OR born < entered - INTERVAL 111 YEARS) AS age_implausible,
        typed.how IS NOT NULL AND hows.goes_to IS NULL AS how_unknown,
        hows.goes_to, hows.part AS mechanism,
        coalesce(sexes.part, stand_in('sex', typed.sex)) AS sex,
        coalesce(services.part, stand_in('service', typed.service)) AS service,
        coalesce(nationalities.part, stand_in('nationality', typed.nationality)) AS nationality,
        coalesce(sentences.part, stand_in('sentenced', typed.sentenced)) AS sentenced,
        coalesce(facilities.part, stand_in('facility', typed.facility)) AS facility
    FROM typed
    LEFT JOIN codes AS hows ON hows.key = 'how' AND hows.spelled = typed.how
    LEFT JOIN codes AS sexes ON sexes.key = 'sex' AND sexes.spelled = typed.sex
    LEFT JOIN codes AS services ON services.key = 'service' AND services.spelled = typed.service
    LEFT JOIN codes AS nationalities ON nationalities.key = 'nationality' AND nationalities.spelled = typed.nationality
    LEFT JOIN codes AS sentences ON sentences.key = 'sentenced' AND sentences.spelled = typed.sentenced
    LEFT JOIN codes AS facilities ON facilities.key = 'facility' AND facilities.spelled = typed.facility
)
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
FROM placed;
