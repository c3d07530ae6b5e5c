-- One row is one organisation's headline for one measure, with everything published so far.
CREATE TABLE headline AS FROM headline_from('statements');
