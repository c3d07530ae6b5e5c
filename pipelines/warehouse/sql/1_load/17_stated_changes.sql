-- One row is one change of a stock that a report states in words, without the figure it starts from.
CREATE TABLE stated_changes (
    situation VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    population VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    as_of DATE NOT NULL,
    change BIGINT NOT NULL,
    published DATE NOT NULL,
    publisher VARCHAR NOT NULL,
    url VARCHAR
);
