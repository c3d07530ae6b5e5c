-- One row says whether the file holds the rows of `said`: it is read again whole.
SELECT (SELECT (count(*), sum(hash(each_row))) FROM said AS each_row)
    = (SELECT (count(*), sum(hash(each_row))) FROM read_parquet($path) AS each_row)
