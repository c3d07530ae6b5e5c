"""The words of a drawing over time (charts/story): titles, what stands at its marks, events named, notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import SILENCE_SHOWN_DAYS, Event, end_axis
from dashboards.charts.few_points import FEW
from dashboards.charts.line_gaps import SILENCE_DAYS
from dashboards.charts.story import draw_story
from dashboards.charts.story_canvas import Callout, Row, StoryPanel, StoryWords, Told
from dashboards.i18n.translations import Words
from dashboards.metrics.headline import cut_at_headline
from dashboards.queries.view import View
from dashboards.text.amounts import tell_amount
from pipelines.core.model import Kind, Precision

PAGE: Final = 780.0  # pixels of a page's width that a drawing is made for
_YEAR: Final = 366  # days of a span from which on a day is told with its year, and of one in another year
_KEY: Final = (
    "exact",
    "lower_bound",
    "upper_bound",
    "span",
    "secondhand",
    "doubt",
    "contradicted",
    "dotted",
    "broken",
)
HEIGHTS: Final = {1: 400.0, 2: 520.0}  # by the number of panels


@dataclass(frozen=True)
class StoryFigures:
    """One panel: its title, its statements (frame), the same as points and as doubts that charts draw."""

    title: str
    frame: pl.DataFrame
    points: pl.DataFrame
    doubted: pl.DataFrame
    notes: tuple[str, ...] = ()


def is_hedged(points: pl.DataFrame) -> bool:
    """Whether so few of a series' points (POINT_SCHEMA) are exact that its bounds are the story."""
    exact = points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted")).height
    return exact < points.height and (exact <= FEW or 3 * exact < points.height)


def select_drawn(points: pl.DataFrame, every: bool = False) -> pl.DataFrame:
    """What a drawing shows of a series: exact figures and the bounds newer than them, or `every` point."""
    exact = pl.col("low") == pl.col("high")
    if every or is_hedged(points):
        return points
    return points.filter(exact.fill_null(False) | (pl.col("as_of") > pl.col("as_of").filter(exact).max()))


def select_explained(drawn: pl.DataFrame, every: bool = False) -> pl.DataFrame:
    """What a key explains of a drawing: a revised figure looks like any other in it, and exact ones that
    contradict each other are not in it, unless it shows `every` figure.
    """
    exact = (pl.col("low") == pl.col("high")).fill_null(False)
    shown = drawn if every else drawn.filter(~(exact & pl.col("contradicted")))
    return shown.with_columns(revision=pl.lit(0, dtype=pl.Int32))


def find_span(
    drawn: Sequence[pl.DataFrame], span: tuple[date, date], stated: Sequence[pl.DataFrame] = ()
) -> tuple[date, date]:
    """The days of the axis for what is drawn within a span: from a little before the first figure, or before
    the day from which totals among the `stated` count, where that is near.
    """
    days = [day for each in drawn for day in each["as_of"]]
    starts = [day for each in stated for day in each["baseline"].drop_nulls()]
    days += [day for day in starts if min(days) - day < timedelta(days=SILENCE_SHOWN_DAYS)]
    since, until = max(span[0], min(days)), end_axis(max(days), span[1])
    return since - (until - since) // 40, until


def make_fit(
    view: View,
    figures: Sequence[StoryFigures],
    named: Sequence[Event],
    span: tuple[date, date],
    every: bool = False,
    ticks: Sequence[Event] = (),
) -> Callable[[float, float], go.Figure]:
    """What draws the figures for any room. `span` ends where the axis ends, `named` are the events to mark,
    `ticks` others that a page has room to touch; with `every` it shows all bounds and all that is in doubt.
    """
    words = view.words
    long = (span[1] - span[0]).days > _YEAR or span[1].year != view.today.year
    total = all(row["kind"] == Kind.CUMULATIVE for each in figures for row in each.frame.to_dicts())
    stated = {row["claim_id"]: row for each in figures for row in each.frame.to_dicts()}
    told = StoryWords(
        tell=lambda row: _tell(view, stated[row["claim_id"]], row, long),
        tick=words.tick,
        separators=words.separators,
        events=words("export.events"),
        more_events=partial(tell_more_events, words),
        silence=tell_silence(view, span[1], long, total=total),
        not_to_scale=words("chart.not_to_scale"),
        key={name: words(f"key.short_{name}", days=words.days(SILENCE_DAYS)) for name in _KEY},
        not_drawn=partial(tell_not_drawn, words),
        every=every,
        counted_to=words("chart.counted_to", day=words.short_day(view.today)),
    )  # fmt: skip
    panels = [
        StoryPanel(
            each.title,
            select_drawn(each.points, every),
            each.doubted,
            None if place or every else _call_out(view, each),
            each.notes,
            joined=not is_hedged(each.points),
            told_to=max(cut_at_headline(view, each.frame.sort("as_of"))["as_of"].to_list()),
        )
        for place, each in enumerate(figures)
    ]
    return lambda width, height: draw_story(panels, named, told, span, (width, height), ticks)


def _tell(view: View, stated: Row, row: Row, long: bool) -> Told:
    words, day = view.words, row["as_of"]
    number, year = tell_amount(stated, words), "y" if long else ""
    least = words.tick(day, "y") if long else ""
    if stated["as_of_precision"] == Precision.MONTH:
        when = words("when.month", day=words.tick(day, "yMMMM" if long else "MMMM"))
        return Told(number, when, words.tick(day, "yMMM"), least)
    key = "story.by" if row["kind"] == Kind.CUMULATIVE else "when.day"
    whole = words.day(day) if long else words.tick(day, "MMMMd")
    return Told(number, words(key, day=whole), words.tick(day, f"{year}MMMd"), least)


def tell_not_drawn(words: Words, doubted: int, contradicted: int) -> list[str]:
    """How many figures in doubt, and how many that others contradict, are on no line: a text each."""
    counts = {"not_drawn": doubted, "contradicted": contradicted}
    return [words.plural(f"story.{key}", count) for key, count in counts.items() if count]


def tell_more_events(words: Words, count: int) -> tuple[str, str]:
    """That there are so many events without a name in the picture, and in short."""
    return words.plural("export.more_events", count), f"+{words.number(count)}"


def tell_silence(view: View, end: date, long: bool, total: bool) -> tuple[str, str]:
    """Since when there is no figure, or no running `total`, and how many days that was on the view's day."""
    words, silent = view.words, (view.today - end).days
    if silent < SILENCE_SHOWN_DAYS:
        return "", ""
    day = words.tick(end, "yMMMd" if long else "MMMd")
    days, today = words.days(silent), words.short_day(view.today)
    what = "total" if total else "silent"
    long_form = words(f"chart.{what}_since", day=day, days=days, today=today)
    return long_form, words(f"chart.{what}_days", days=days)


def list_named(view: View, span: tuple[date, date], events: Sequence[Event]) -> list[Event]:
    """The situation's main events, the most important first; touched, each says what its day's event does."""
    words = view.words
    chosen = view.situation.main_events or view.situation.policy_events
    whole = {event.day: event.title for event in reversed(events)}
    named = []
    for each in chosen:
        if span[0] <= each.day <= span[1]:
            title = words.of(each.title)
            hover = whole.get(each.day, f"{words.short_day(each.day)}: {title}")
            named.append(Event(each.day, "", title, hover))
    return named


def _call_out(view: View, figures: StoryFigures) -> Callout | None:
    """The figure in doubt that lies farthest from the exact ones before and after it."""
    words = view.words
    settled = figures.points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
    exact = settled.sort("as_of").select("as_of", "low").rows()
    farthest: tuple[int, Row, int, int] | None = None
    for row in figures.doubted.to_dicts():
        before = [value for day, value in exact if day < row["as_of"]]
        after = [value for day, value in exact if day > row["as_of"]]
        if not before or not after:
            continue
        low, high = sorted((before[-1], after[0]))
        off = max(low - row["value"], row["value"] - high)
        if off > 0 and (farthest is None or off > farthest[0]):
            farthest = off, row, before[-1], after[0]
    if farthest is None:
        return None
    _, row, first, last = farthest
    text = words(
        "story.doubt",
        value=words.number(row["value"]),
        day=words.tick(row["as_of"], "MMMMd"),
        before=words.number(first),
        after=words.number(last),
    )
    return Callout(row["claim_id"], text)


def note_left(view: View, left: pl.DataFrame, end: date) -> tuple[str, ...]:
    """What must be read beside the total of those who left, where it stands below the number held."""
    last: date = max(left["as_of"].to_list())
    day = view.words.tick(last, "MMMMd") if last.year == end.year else view.words.day(last)
    ended = end - last >= timedelta(days=SILENCE_SHOWN_DAYS)
    return (
        *((view.words("story.no_total", day=day),) if ended else ()),
        view.words("story.not_add"),
    )
