-- What only the statements were made from.
DROP MACRO TABLE statements_of;
DROP TABLE statement_lives;
DROP TABLE statement_portions;
