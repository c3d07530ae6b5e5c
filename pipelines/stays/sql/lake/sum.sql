-- One row: how many rows of an office there are in `rows_kept`, and a sum of all that stands in them.
SELECT count(*) AS rows, sum(hash(rows_kept)::HUGEINT)::VARCHAR AS sum
FROM rows_kept
WHERE office = getvariable('office');
