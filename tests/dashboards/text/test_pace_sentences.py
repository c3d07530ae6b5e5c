"""The pace in words: titles, trends and rates, as far as bounds tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.pace import Mean
from dashboards.text import pace_sentences
from pipelines.core.model import Kind
from pipelines.pace.rates import PaceChange, PeopleRange


def means_of(*rates: float, days: int = 28, slack: float = 0.0) -> list[Mean]:
    """One each week from Sunday 11 January 2026 on, known but for so many people a week."""
    return [
        Mean(date(2026, 1, 11) + timedelta(weeks=n), days, rate, rate - slack, rate + slack)
        for n, rate in enumerate(rates)
    ]


def find_title(means: list[Mean], kind: Kind = Kind.CUMULATIVE) -> str:
    told = pace_sentences.choose_told(means, kind)
    return pace_sentences.compose_finding(told, kind, "La Lista", read_words("en"))


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ((98.7, 40.0, 14.0), "99 a week in the 28 days up to 11 January to 14 in the 28 days"),
        ((14.0, 98.7), "rose from 14 a week in the 28 days up to 11 January to 99 in the 28"),
        ((14.0, 20.0, 14.1), "14 a week both in the 28 days up to 11 January and in the 28"),
    ],
)
def test_a_title_says_how_the_pace_changed_and_up_to_which_days(rates: tuple[float, ...], told: str) -> None:
    assert told in find_title(means_of(*rates))


def test_a_title_tells_no_rise_or_fall_where_the_bounds_overlap() -> None:
    assert "rose from 12" in find_title(means_of(12.0, 16.0, slack=1.9))
    assert find_title(means_of(12.0, 16.0, slack=2.1)) == ""
    assert find_title(means_of(14.0, 14.0, slack=2.1)) == ""  # nor that it stayed the same


@pytest.mark.parametrize(
    ("last", "told"),
    [(-2.5, "rose by 2.5 a week in"), (5.0, "fell by 5 a week in"), (0.01, "did not change in")],
)
def test_a_title_says_how_the_number_held_changed_last(last: float, told: str) -> None:
    title = f"According to La Lista, the number held {told} the 28 days up to 25 January 2026"
    assert find_title(means_of(12.0, 30.0, last), Kind.STOCK) == title


def test_a_title_is_no_finding_where_the_last_pace_may_be_a_rise_or_a_fall() -> None:
    assert find_title(means_of(12.0, 30.0, 5.0, slack=6.0), Kind.STOCK) == ""


@pytest.mark.parametrize("language", list_languages())
def test_no_title_of_the_number_held_promises_a_fall(language: str) -> None:
    keys = ("pace.title_stock", "pace_events.axis_net")
    titles = [read_words(language)(key, organisation="") for key in keys]
    fell = {"es": "bajó", "en": "fell", "pt": "caiu"}[language]
    assert not any(word.startswith(fell) for title in titles for word in title.split())


@pytest.mark.parametrize(
    ("first", "told"),
    [(98.7, "to between 14 and 20 in the 39 days up to"), (9.0, "rose from 9 a week in the 28 "), (17.0, "")],
)
def test_a_title_gives_both_paces_of_counts_that_contradict_each_other(first: float, told: str) -> None:
    means = [*means_of(first), replace(means_of(0.0, 14.0, days=39)[1], other=20.5)]
    title = find_title(means)
    assert told in title
    assert bool(told) == bool(title)


def test_a_title_is_no_finding_without_two_paces() -> None:
    assert find_title(means_of(14.0)) == ""


AMOUNT = PeopleRange(28, 28, 10.0, 20.0, 30.0, derived=False)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.1, 1.0, "mayor"),
        (-1.0, -0.1, "menor"),
        (-1.0, 1.0, "no se distingue"),
        (None, None, "límites"),
    ],
)
def test_a_trend_is_told_only_where_its_margin_leaves_out_zero(
    low: float | None, high: float | None, told: str
) -> None:
    assert told in pace_sentences.tell_trend(PaceChange(AMOUNT, AMOUNT, 0.5, low, high), read_words("es"))


def test_a_pace_is_told_with_the_bounds_of_its_statements() -> None:
    words = read_words("es")
    assert pace_sentences.tell_rate(AMOUNT, words) == "5 (entre 2,5 y 7,5)"
    assert pace_sentences.tell_rate(AMOUNT, words, mirrored=True) == "-5 (entre -7,5 y -2,5)"
    assert (
        pace_sentences.tell_rate(PeopleRange(7, 7, 3.0, 3.0, None, derived=False), words)
        == "3 (sin límite conocido)"
    )
    assert pace_sentences.tell_rate(PeopleRange(7, 0, None, None, None, derived=False), words) == "sin cifras"
