-- What tells one series from another, and one moment of one series from another. A cumulative and a stock with a stated
-- start count from it (`baseline`); the start of a flow's window belongs to the moment.
CREATE MACRO baseline_of(kind, period_start) AS CASE WHEN kind IN ('cumulative', 'stock') THEN period_start END;
CREATE MACRO point_of(situation, organisation, measure, population, breakdown, period_start, as_of) AS
    hash(situation, organisation, measure, population, breakdown, period_start, as_of);

-- A day from its number, and one mark of a series: its moment, its value, and when it was published.
CREATE MACRO epoch_day(number) AS DATE '1970-01-01' + number::INTEGER;
CREATE MACRO mark_at(moment, value, published) AS
    CASE WHEN moment IS NOT NULL
        THEN struct_pack(as_of := epoch_day(moment), value := value, published := epoch_day(published)) END;

-- Where the window of a claim comes from, how close its report is to the source, and whether it states no cut-off.
CREATE MACRO window_basis_of(kind, period_start, starts) AS
    CASE
        WHEN kind = 'promise' THEN NULL
        WHEN period_start IS NOT NULL THEN 'stated'
        WHEN kind = 'stock' THEN NULL
        WHEN starts IS NOT NULL THEN 'previous_bulletin'
        ELSE 'unknown'
    END;
CREATE MACRO grade_of(provenance) AS CASE provenance WHEN 'primary' THEN 1 WHEN 'press' THEN 2 ELSE 3 END;
CREATE MACRO is_undated(as_of_basis) AS coalesce(as_of_basis IN ('publication_date', 'inferred'), false);

-- What each group holds, as a list in the order of `place`. (An aggregate with an order of its own sorts each group apart: of
-- many small ones that takes six times as long.)
CREATE MACRO listed(item, place) AS
    list_transform(list_sort(list(struct_pack(place := place, item := item))), lambda each: each.item);
