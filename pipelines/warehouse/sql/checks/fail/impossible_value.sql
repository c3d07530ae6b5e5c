-- A count of people is not negative, and a range runs upwards.
SELECT claim_id, file, place, 'value ' || value || coalesce(' to ' || value_high, '') AS found
FROM claims WHERE (value IS NULL AND NOT suppressed) OR value < 0 OR value_high < value;
