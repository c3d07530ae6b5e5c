-- One row is one accepted claim as it is stored: closed lists as enumerations, which load and compare as numbers.
-- A withheld one is `suppressed`: no value, words or id from which its value could be had; `fewer_than` where it is
-- known to be below the threshold. `raw` is null where the figure was written as its plain digits; `place_number` is the row where `place` is a sheet.
CREATE TYPE measure_word AS ENUM (SELECT word FROM words WHERE list = 'measure' ORDER BY position);
CREATE TYPE qualifier_word AS ENUM (SELECT word FROM words WHERE list = 'qualifier' ORDER BY position);
CREATE TYPE basis_word AS ENUM (SELECT word FROM words WHERE list = 'basis' ORDER BY position);
CREATE TYPE precision_word AS ENUM (SELECT word FROM words WHERE list = 'precision' ORDER BY position);
CREATE TYPE published_basis_word AS ENUM (SELECT word FROM words WHERE list = 'published_basis' ORDER BY position);
CREATE TYPE provenance_word AS ENUM (SELECT word FROM words WHERE list = 'provenance' ORDER BY position);

CREATE TABLE claims_stored (
    claim_id VARCHAR NOT NULL,
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    measure measure_word NOT NULL,
    population VARCHAR,
    breakdown VARCHAR NOT NULL,
    qualifier qualifier_word,
    value BIGINT,
    value_high BIGINT,
    period_start DATE,
    as_of DATE,
    as_of_basis basis_word,
    as_of_precision precision_word,
    published DATE NOT NULL,
    published_basis published_basis_word,
    retrieved DATE,
    publisher VARCHAR NOT NULL,
    provenance provenance_word NOT NULL,
    url VARCHAR,
    note VARCHAR,
    raw VARCHAR,
    file VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    place_number BIGINT,
    suppressed BOOLEAN NOT NULL DEFAULT false,
    fewer_than INTEGER
);

-- Claims that may have to be withheld wait here, outside the file that is published, until that is known.
CREATE TEMP TABLE claims_guarded AS FROM claims_stored LIMIT 0;
