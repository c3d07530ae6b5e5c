-- One row is one distinct statement, as known with everything published so far.
CREATE TABLE statements AS FROM statements_as_known_on(DATE '9999-12-31');
