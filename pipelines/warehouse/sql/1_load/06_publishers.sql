-- One row is one publisher whose name for readers is not what stands in the sheets: a copy, a channel, an archive.
CREATE TABLE publishers (
    situation VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    name_es VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    name_pt VARCHAR NOT NULL,
    website VARCHAR,
    PRIMARY KEY (situation, publisher)
);
