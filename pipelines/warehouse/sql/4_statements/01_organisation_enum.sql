-- Every organisation as an enumeration: long lists of who says the same are kept as numbers.
CREATE TYPE organisation_word AS ENUM (SELECT DISTINCT organisation FROM organisations ORDER BY organisation);
