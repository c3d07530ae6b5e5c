-- One row is one past forecast about the figures of a situation's primary organisation, by the outlook or by a simple
-- forecaster, and how it turned out; or that the outlook said nothing that day, and why.
CREATE TABLE track_record (
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    as_known_on DATE NOT NULL,
    target VARCHAR NOT NULL,
    horizon BIGINT NOT NULL,
    forecaster VARCHAR NOT NULL,
    day DATE NOT NULL,
    truth DOUBLE NOT NULL,
    median DOUBLE,
    lo80 DOUBLE,
    hi80 DOUBLE,
    score DOUBLE,
    in50 BOOLEAN,
    in80 BOOLEAN,
    in95 BOOLEAN,
    refused VARCHAR
);
