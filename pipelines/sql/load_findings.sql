-- What one review check found.
INSERT INTO findings BY NAME
SELECT $rule AS rule, * FROM found;
