"""Which days a series of bulletins has: none is left out, with a last bulletin or without."""

from datetime import date, timedelta

import pytest

from pipelines.cli.count import Series, _make_question

CUT, TODAY = date(2026, 4, 27), date(2026, 5, 1)
BEFORE, LATE = date(2026, 4, 6), date(2026, 4, 25)


@pytest.mark.parametrize("since", [None, BEFORE, CUT - timedelta(days=1)])
def test_a_series_of_days_has_every_day(since: date | None) -> None:
    first = date(2026, 4, 1)
    found = _make_question((CUT, since, Series.DAY, first), first, TODAY).moments
    days = [first + timedelta(days=number) for number in range(26)]
    assert found == [*((day - timedelta(days=1), day) for day in days), (since or days[-1], CUT)]


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (None, ["03-30", "04-06", "04-13", "04-20", "04-27"]),
        (BEFORE, ["03-30", "04-06", "04-13", "04-20", "04-27"]),
        (date(2026, 4, 8), ["04-01", "04-08", "04-15", "04-22", "04-27"]),
        (date(2026, 4, 24), ["04-03", "04-10", "04-17", "04-24", "04-27"]),
    ],
)
def test_a_series_of_weeks_keeps_the_weekday_of_the_last_bulletin(
    since: date | None, days: list[str]
) -> None:
    found = _make_question((CUT, since, Series.WEEK, date(2026, 3, 30)), BEFORE, TODAY).moments
    assert [f"{day:%m-%d}" for _, day in found] == days
    assert found[-1][0] == (since or date(2026, 4, 20))


def test_a_series_that_begins_after_the_last_bulletin_has_what_lies_between() -> None:
    found = _make_question((CUT, BEFORE, Series.DAY, LATE), BEFORE, TODAY).moments
    assert [day for _, day in found] == [LATE, date(2026, 4, 26), CUT]
