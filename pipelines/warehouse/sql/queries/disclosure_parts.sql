-- One row is one part that concerns children, health or a facility, of those that are asked about.
SELECT part FROM (SELECT unnest($parts) AS part) WHERE is_sensitive(part);
