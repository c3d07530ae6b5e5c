-- One portion of the statements is stored.
INSERT INTO statements_stored FROM statements_of(getvariable('portion')) WHERE known_until = DATE 'infinity';
INSERT INTO statements_ended FROM statements_of(getvariable('portion')) WHERE known_until < DATE 'infinity';
