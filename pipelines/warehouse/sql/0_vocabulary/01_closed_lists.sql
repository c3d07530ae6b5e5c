-- One row is one word of a closed list: measure, qualifier, basis …, in the order of the list.
CREATE TABLE words (list VARCHAR NOT NULL, word VARCHAR NOT NULL, position INTEGER NOT NULL);
