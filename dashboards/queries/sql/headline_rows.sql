-- One row is one organisation's headline for one measure, with what was passed over.
FROM headline WHERE situation = $situation;
