"""A pace that rests on a total that nobody has confirmed says so, as the front page of that day does."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.exhibits import pace_charts, pace_windows
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from pipelines.core.model import Kind
from tests.conftest import row
from tests.dashboards.conftest import LEFT, opened, text_of

Show = Callable[..., View]


def left(value: int, day: str) -> dict[str, str]:
    return row(**LEFT, value=value, as_of=day, published=day)


CONFIRMED = [left(20, "2026-10-30"), left(80, "2026-11-13")]
REPORTED = left(136, "2026-11-20")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "publicada y sin confirmar: 136 al 20 de noviembre de 2026"),
        ("en", "reported and not confirmed: 136 as of 20 November 2026"),
        ("pt", "publicado e não confirmado: 136 em 20 de novembro de 2026"),
    ],
)
def test_a_pace_up_to_a_total_that_is_not_confirmed_says_so(show: Show, language: str, said: str) -> None:
    view = replace(show([*CONFIRMED, REPORTED], CONFIRMED), language=language)
    assert f"; {said} (" in pace_sentences.compose_answer(view)
    assert f"; {said}" in text_of(opened("pace", lang=language))
    assert f" ({said})" in pace_windows.make_windows(view).title
    confirmed = replace(show([*CONFIRMED, REPORTED]), language=language)
    assert said not in pace_sentences.compose_answer(confirmed)
    assert said not in pace_windows.make_windows(confirmed).title


def test_a_total_between_both_ends_of_a_pace_or_before_it_is_not_named(show: Show) -> None:
    ends = [left(20, "2026-10-23"), left(136, "2026-11-20")]
    view = show([left(10, "2026-10-09"), left(80, "2026-11-13"), *ends], ends)
    assert "28 días" in pace_sentences.compose_answer(view)
    assert "sin confirmar" not in pace_sentences.compose_answer(view)


def test_a_chart_whose_title_rests_on_such_a_total_names_it(show: Show) -> None:
    days = ("2026-09-28", "2026-10-26")
    rows = [row(value=value, as_of=day, published=day) for day, value in zip(days, (800, 700), strict=True)]
    title = pace_charts.make_intervals(show(rows, rows[1:]), Kind.STOCK).title
    assert title.endswith("(publicada y sin confirmar: 800 al 28 de septiembre de 2026)")
    assert "sin confirmar" not in pace_charts.make_intervals(show(rows), Kind.STOCK).title


def test_several_are_named_each_with_its_day(show: Show) -> None:
    rows = [row(value=800, as_of="2026-10-26", published="2026-10-26", provenance="primary")]
    rows += [left(20, "2026-10-23"), left(136, "2026-11-20")]
    told = pace_sentences.compose_answer(show(rows, rows[:1]))
    assert "publicadas y sin confirmar: 20 al 23 de octubre de 2026 y 136 al 20 de noviembre de 2026" in told


def test_a_total_in_its_own_source_is_confirmed(show: Show) -> None:
    first_hand = [{**each, "provenance": "primary"} for each in [*CONFIRMED, REPORTED]]
    view = show(first_hand, [])
    assert "sin confirmar" not in pace_sentences.compose_answer(view)
