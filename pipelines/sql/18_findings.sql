-- One row is one thing that a review check found: shown, not fatal.
-- `amounts` are the values that do not fit, `claims` the claims behind them, in the same order.
CREATE TABLE findings (
    situation VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    organisation VARCHAR,
    measure VARCHAR,
    population VARCHAR,
    breakdown VARCHAR,
    as_of DATE,
    amounts BIGINT[] NOT NULL,
    claims VARCHAR[] NOT NULL,
    severity BIGINT NOT NULL
);
