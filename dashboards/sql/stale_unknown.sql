-- One row: after how many days a figure is stale where no rhythm is known.
SELECT stale_after(NULL) AS days;
