-- One row is one figure of this build under an id; reads all of them, for where no snapshot says what the id is about.
FROM figures
WHERE figure_id = $figure;
