-- One row is one figure whose id is among the `changed`; of one that is gone there is nothing but its id.
CREATE TEMP TABLE said AS FROM figures_drawn RIGHT JOIN changed USING (figure_id);
