-- The parameters of the rule that decides which statement stands (docs/standing.md), in one place.
-- Days for which a figure without a cut-off of its own is taken for a repeat of an earlier one.
CREATE MACRO repeat_days() AS 120;
-- A cumulative's later, higher value of one moment is the day's end where it was published within so many days.
CREATE MACRO update_days() AS 2;
-- How far a figure may lie outside its neighbours: people, or a share of the larger of them for each fortnight
-- that they are apart.
CREATE MACRO near_people() AS 1;
CREATE MACRO near_share() AS 0.02;
CREATE MACRO near_days() AS 14;
-- From what size on, and within how many days, two counts with one number are taken for one told as the other.
CREATE MACRO equal_people() AS 20;
CREATE MACRO equal_days() AS 3;
-- A number that only one outlet gives to a day, within so many days of a supported one, is that one dated otherwise.
CREATE MACRO other_day() AS 3;
-- Releases of a window no longer than this cannot exceed the people held before it.
CREATE MACRO window_days() AS 31;

-- Who stands behind a publisher: ten outlets that carry one agency (`Outlet / Agency`, `Outlet (Agency)`) are one origin.
CREATE MACRO origin_of(publisher) AS
    coalesce(
        nullif(regexp_extract(
            lower(publisher),
            '[/(]\s*(?:[a-z]+-)?(adnkronos|afp|anadolu|ani|ansa|ap|ats|bloomberg|cnn|dpa|efe|europa press|lusa|nova|reuters|tass|upi|wafa|xinhua)\)?\s*$', 1
        ), ''),
        lower(publisher)
    );

CREATE MACRO allowance(one, other, days) AS
    greatest(near_people(), near_share() * greatest(one, other) * days / near_days());

-- Whether a stock lies above both of two marks (as_of, value) beside it, or below both, by more than is allowed; by
-- anything at all where it is `strict`.
CREATE MACRO strays(number, one, other, strict) AS
    one IS NOT NULL AND other IS NOT NULL AND abs(one.as_of - other.as_of) <= 2 * repeat_days() AND
        greatest(number - greatest(one.value, other.value), least(one.value, other.value) - number)
            > CASE WHEN strict THEN 0 ELSE allowance(one.value, other.value, abs(one.as_of - other.as_of)) END;

-- Whether a figure is further from the only mark beside it than is allowed.
CREATE MACRO leaps(number, day, mark) AS
    abs(number - mark.value) > allowance(number, mark.value, abs(day - mark.as_of) + near_days());

-- Whether a running total lies below one before it or above one after it, where those two did not fall themselves.
CREATE MACRO falls(number, before, after) AS coalesce(before <= after AND (number < before OR number > after), false);

-- Whether a number is another one rounded to tens, fifties or hundreds.
CREATE MACRO rounds_to(number, round) AS
    number >= 20 AND number % 10 <> 0 AND round % 10 = 0 AND abs(number - round)
        <= CASE WHEN round % 100 = 0 AND number >= 200 THEN 50 WHEN round % 50 = 0 AND number >= 200 THEN 25 ELSE 5 END;

-- Stretches of as many days as a short window may have: two days at most one window apart lie in one or in two beside it.
CREATE MACRO month_of(day) AS (day - DATE '0001-01-01') // window_days();
