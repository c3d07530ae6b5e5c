"""A day gone back to asks the build for the last day on which something changed, and is shown as itself."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dashboards.exhibits import figures_over_time
from dashboards.export import provenance
from dashboards.metrics.headline import find_headlines
from dashboards.queries import database, series
from dashboards.queries.view import View, go_back
from dashboards.web.headline_card import build_card
from tests.conftest import row

Publish = Callable[[list[dict[str, str]]], View]
FIRST, LAST = date(2025, 12, 20), date(2026, 3, 10)
EVERY_DAY = [FIRST + timedelta(n) for n in range((LAST - FIRST).days)]


def grown() -> list[dict[str, str]]:
    return [
        row(value=806, as_of="2026-01-05", published="2026-01-05"),
        row(value=820, as_of="2026-01-05", published="2026-02-10"),
        row(value=700, as_of="2026-02-15", published="2026-02-16"),
    ]


def test_many_days_ask_the_same_few_questions(publish: Publish) -> None:
    view = publish(grown())
    asked = {go_back(view, day).known_on for day in EVERY_DAY}
    assert asked == {date(2026, 1, 4), date(2026, 1, 5), date(2026, 2, 10), date(2026, 2, 16)}


def test_the_answers_are_those_of_the_day_itself(publish: Publish) -> None:
    view, question = publish(grown()), "series_offered"
    for day in (date(2026, 1, 2), date(2026, 1, 8), date(2026, 2, 9), date(2026, 2, 13), date(2026, 3, 1)):
        asked = go_back(view, day).known_on
        of_the_day, of_the_change = (
            database.ask(view.build, question, situation=view.situation_id, known_on=each)
            for each in (day, asked)
        )
        assert of_the_day.equals(of_the_change), day


def test_no_day_between_two_changes_is_computed_again(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = publish(grown())
    known = series.read_headlines(view.build, view.situation_id, go_back(view, date(2026, 1, 6)).known_on)
    monkeypatch.setattr(series, "ask", lambda *_, **__: pytest.fail("it was known"))
    for day in (date(2026, 1, 7), date(2026, 1, 20), date(2026, 2, 9)):
        between = series.read_headlines(view.build, view.situation_id, go_back(view, day).known_on)
        assert between is known, day


def test_the_day_that_was_asked_for_is_the_day_that_is_said(publish: Publish) -> None:
    view = go_back(publish(grown()), date(2026, 1, 26))
    exhibit = figures_over_time.make_overview(view)
    assert "26 de enero de 2026" in exhibit.source
    assert provenance.make_provenance(exhibit, view).known_on == "2026-01-26"
    assert build_card(view, find_headlines(view).held).age == "hace 21 días"


def test_what_was_published_on_the_day_gone_back_to_is_not_called_todays(publish: Publish) -> None:
    view = publish(grown())
    assert view.age(view.today) == "hoy"
    assert go_back(view, date(2026, 1, 26)).age(date(2026, 1, 26)) == "ese mismo día"
