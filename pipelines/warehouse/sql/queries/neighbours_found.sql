-- What was found in one portion of the marks (`found`: days as numbers) among the neighbours.
INSERT INTO neighbours BY NAME
SELECT
    told, epoch_day(known_from) AS known_from, coalesce(epoch_day(known_until), DATE 'infinity') AS known_until,
    mark_at(firm_before_moment, firm_before_value, firm_before_published) AS firm_before,
    mark_at(firm_after_moment, firm_after_value, firm_after_published) AS firm_after,
    epoch_day(told_before_moment) AS told_before,
    mark_at(before_moment, before_value, before_published) AS before,
    mark_at(before_that_moment, before_that_value, before_that_published) AS before_that,
    mark_at(after_moment, after_value, after_published) AS after,
    mark_at(after_that_moment, after_that_value, after_that_published) AS after_that
FROM found;
