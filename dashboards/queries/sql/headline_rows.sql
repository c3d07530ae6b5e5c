-- One row is one organisation's headline for one measure as known on a day, with what was passed over.
FROM headline_as_known_on($known_on) WHERE situation = $situation;
