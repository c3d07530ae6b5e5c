-- What only the statements were made from.
DROP MACRO TABLE statements_of;
DROP TABLE statement_lives;
DROP TABLE spans_joined;
DROP TABLE points_told_often;
DROP TABLE statement_portions;
