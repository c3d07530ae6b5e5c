-- One row is one row of the list: its days read, its codes looked up. Nothing that was written in it is left: a person is
-- what `keyed` makes of it. The header is row 1.
CREATE VIEW rows_typed AS
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
)
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
LEFT JOIN codes AS facilities ON facilities.key = 'facility' AND facilities.spelled = typed.facility;
