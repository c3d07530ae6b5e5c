-- One row is one situation: how many of its figures were read again, and how many were withdrawn for what that found.
SELECT figures, read_again, read_again_in_copy, withdrawn
FROM quality_as_known_on($known_on)
WHERE situation = $situation;
