-- One row is one documented way across a break of a situation.
FROM bridges WHERE situation = $situation ORDER BY ALL;
