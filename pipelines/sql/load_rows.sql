-- Rows that arrive from one file. A claim's identity is everything that was stated, by whom, when and where.
INSERT INTO rows_read BY NAME
SELECT
    left(md5(concat_ws('|',
        situation, organisation, measure, population, breakdown, qualifier,
        coalesce(value, -1), coalesce(value_high, -1), coalesce(period_start::VARCHAR, ''),
        coalesce(as_of::VARCHAR, ''), coalesce(published::VARCHAR, ''), publisher, coalesce(url, '')
    )), 16) AS claim_id,
    *
FROM rows_arriving;
