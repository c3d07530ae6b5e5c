"""The pace in words: titles, trends and rates, as far as bounds tell."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.pace import Mean, PaceSide
from dashboards.text import pace_sentences
from pipelines.core.model import Kind
from pipelines.pace.rates import SCHEMA, PaceChange, PeopleRange


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
    [
        (-2.5, "rose by 2.5 a week in"),
        (5.0, "fell by 5 a week in"),
        (0.01, "fell by less than 0.1 a week in"),
        (0.0, "did not change in"),
    ],
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
    change = PaceChange(AMOUNT, AMOUNT, 0.5, low, high)
    assert told in pace_sentences.tell_trend(change, Kind.CUMULATIVE, read_words("es"))


@pytest.mark.parametrize(("low", "high"), [(0.1, 1.0), (-1.0, -0.1), (-1.0, 1.0)])
def test_the_trend_of_the_number_held_is_not_one_of_leaving(low: float, high: float) -> None:
    change = PaceChange(AMOUNT, AMOUNT, 0.5, low, high)
    for language, leaving in (("es", "salida"), ("en", "leaving"), ("pt", "saída")):
        assert leaving not in pace_sentences.tell_trend(change, Kind.STOCK, read_words(language))


def test_a_pace_that_counts_of_the_same_speaker_contradict_is_told_with_theirs() -> None:
    words, last, amount = read_words("es"), date(2026, 4, 21), PeopleRange(39, 39, 78, 78, 78, derived=False)
    assert pace_sentences.tell_rate_against(amount, last, {(last, 39): 20.5}, words) == "entre 14 y 20"
    assert pace_sentences.tell_rate_against(amount, last, {(last, 40): 20.5}, words) == "14"


def test_a_pace_is_told_with_the_bounds_of_its_statements() -> None:
    words = read_words("es")
    assert pace_sentences.tell_rate(AMOUNT, words) == "5 (entre 2,5 y 7,5)"
    assert pace_sentences.tell_rate(AMOUNT, words, mirrored=True) == "-5 (entre -7,5 y -2,5)"
    for bounds, told in (
        ((3.0, 3.0, None), "al menos 3"),
        ((0.0, 3.0, None), "3 (sin límite conocido)"),
        ((0.0, 16.0, 16.0), "como máximo 16"),
        ((4.0, 16.0, 16.0), "entre 4 y 16"),
        ((4.0, 4.0, 16.0), "entre 4 y 16"),
    ):
        assert pace_sentences.tell_rate(PeopleRange(7, 7, *bounds, derived=False), words) == told
    assert pace_sentences.tell_rate(PeopleRange(7, 0, None, None, None, derived=False), words) == (
        "sin cifras con que calcularlo"
    )


@pytest.mark.parametrize(
    ("low", "central", "high", "told"),
    [
        (7.0, 7.0, 7.0, "a fall of 7"),
        (-7.0, -7.0, -7.0, "a rise of 7"),
        (0.0, 0.0, 0.0, "no change"),
        (0.01, 0.01, 0.01, "a fall of less than 0.1"),
        (None, -99.0, -99.0, "a rise of at least 99"),
        (0.0, 20.0, 39.0, "no change, or a fall of up to 39"),
        (None, -1.0, 0.0, "no change, or a rise"),
        (-2.5, 46.0, 53.0, "a rise of up to 2.5, or a fall of up to 53"),
        (-11.0, 0.0, None, "a rise of up to 11, or a fall"),
        (None, 701.0, 701.0, "a fall of up to 701, or a rise"),
        (None, 0.0, None, "not known whether it rose or fell"),
    ],
)
def test_the_number_held_is_said_to_fall_or_rise_only_where_its_bounds_leave_no_other_way(
    low: float | None, central: float, high: float | None, told: str
) -> None:
    amount = PeopleRange(7, 7, low, central, high, derived=False)
    assert pace_sentences.tell_net_rate(amount, read_words("en")) == told


def held(*intervals: tuple[int, float | None, float, float | None]) -> PaceSide:
    """The number held from 1 January 2026 on: of each interval its days, and the fall with its bounds."""
    rows, start = [], date(2026, 1, 1)
    for days, low, central, high in intervals:
        end = start + timedelta(days=days)
        rows.append((start, end, days, low, central, high))
        start = end
    return PaceSide(Kind.STOCK, pl.DataFrame(rows, schema=SCHEMA, orient="row"))


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        ((61, None, -200.0, None), "in the 61 days up to the newest figure it cannot be known whether"),
        ((28, -6.2, -0.1, 1.8), "it cannot be known whether the number of people counted rose or fell"),
        ((28, 0.0, 0.0, 12.0), "the number of people counted did not rise, and"),
        ((28, None, 0.0, 0.0), "the number of people counted did not fall, and"),
        ((70, -5630.0, -5630.0, -5630.0), "in the 70 days up to the newest figure the number of people held"),
        ((70, -5630.0, -5630.0, -5630.0), "did not fall: it rose by 563 a week"),
        ((3, 16.0, 16.0, 16.0), "in the 3 days up to the newest figure the number of people held fell by 37"),
        ((28, 0.0, 0.0, 0.0), "did not change (0 a week)"),
    ],
)  # fmt: skip
def test_a_movement_is_of_whole_intervals_and_has_a_direction_only_where_their_bounds_have_one(
    interval: tuple[int, float | None, float, float | None], told: str
) -> None:
    assert told in pace_sentences.compose_movement(held(interval), read_words("en"))


@pytest.mark.parametrize(("days", "said"), [(7, 14), (28, 21), (90, 49)])
def test_a_window_ends_at_the_figure_nearest_to_its_days(days: int, said: int) -> None:
    side = held((28, -11.0, -11.0, -11.0), (7, -9.0, -9.0, -9.0), (14, 39.0, 39.0, 39.0))
    amount = side.over(days)
    assert amount is not None
    assert (amount.days, amount.derived) == (said, False)


def test_a_pace_that_figures_since_then_contradict_is_no_finding() -> None:
    told = [Mean(date(2026, 1, 29), 28, -2.8, -2.8, -2.8)]
    rising, falling = (28, -11.0, -11.0, -11.0), (14, 30.0, 30.0, 30.0)
    assert pace_sentences.keep_current(told, held(rising, falling)) == []
    assert pace_sentences.keep_current(told, held(rising, rising)) == told
    assert pace_sentences.keep_current(told, held(rising)) == told
