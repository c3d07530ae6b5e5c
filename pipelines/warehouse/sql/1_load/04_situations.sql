-- One row is one monitored release process.
CREATE TABLE situations (
    situation VARCHAR PRIMARY KEY,
    name_es VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    baseline DATE NOT NULL,
    primary_organisation VARCHAR NOT NULL,
    is_default BOOLEAN NOT NULL,
    settings JSON NOT NULL
);
