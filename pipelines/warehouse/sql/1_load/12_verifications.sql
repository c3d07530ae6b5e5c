-- One row is one reading of one claim in its source: the verdict, and what was read where and when. Appended by
-- people, never edited; of several readings of one claim the latest counts, of one day the last in the file.
CREATE TABLE verifications (
    situation VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    position INTEGER NOT NULL, -- the row of the file, counted from one
    verdict VARCHAR NOT NULL, -- a word of `ReadingVerdict` (pipelines/sheets/verifications.py)
    field VARCHAR, -- the field that is wrong, where the source states something else
    should_be VARCHAR,
    checked_on DATE NOT NULL,
    checked_by VARCHAR NOT NULL,
    address VARCHAR,
    sha256 VARCHAR,
    archive VARCHAR
);

-- What a verdict says of the figure: `read_again`, `read_again_in_copy` (another carrier of the same statement),
-- `read_in_address` (its address holds the number, its text was not read), or null where no reading found it stated; the
-- best of several is the first by the alphabet. And whether its source does not state it, or its speaker took it back.
CREATE MACRO checked_as(verdict) AS
    CASE verdict
        WHEN 'states_it' THEN 'read_again'
        WHEN 'carrier_states_it' THEN 'read_again_in_copy'
        WHEN 'address_states_it' THEN 'read_in_address'
    END;
CREATE MACRO withdrawn_by(verdict) AS verdict IN ('states_something_else', 'does_not_state_it', 'speaker_withdrew_it');

-- One row is one reading with the day until which it counts: that of the first correction, decided on its day or later, of
-- the number or its hedge, which it was a reading of. Where it found another field wrong, no correction of a number mends that.
CREATE MACRO readings_until_corrected() AS TABLE
SELECT verifications.*, coalesce(min(corrections.decided), DATE 'infinity') AS counts_until
FROM verifications
LEFT JOIN corrections
    ON corrections.claim_id = verifications.claim_id AND corrections.decided >= verifications.checked_on
    AND corrections.field IN ('value', 'value_high', 'qualifier')
    AND (verdict <> 'states_something_else' OR verifications.field IN ('value', 'value_high', 'qualifier'))
GROUP BY ALL;

-- One row is one claim that was read again, with the verdict that counts on a day.
CREATE MACRO claim_checks_as_known_on(known_on) AS TABLE
SELECT
    claim_id, verdict, checked_on, checked_by, address,
    checked_as(verdict) AS checked, withdrawn_by(verdict) AS withdrawn
FROM readings_until_corrected()
WHERE checked_on <= known_on AND known_on < counts_until
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY checked_on DESC, position DESC) = 1;
