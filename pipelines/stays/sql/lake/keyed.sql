-- An id as HMAC-SHA256 under the group's key (its two pads are variables), the first 128 bits. `scope`: whose ids they
-- are.
CREATE OR REPLACE MACRO hmac(message) AS
    sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode(message))));

CREATE OR REPLACE MACRO keyed(cell) AS
    CASE WHEN says(cell) THEN hmac(getvariable('scope') || chr(10) || trim(cell))[:32]::UUID END;

CREATE OR REPLACE MACRO hide(moment) AS date_trunc('millisecond', in_living_memory(moment)) - TIMESTAMP '1900-01-01';
