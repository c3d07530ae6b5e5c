"""The words of a drawing over time (charts/story): titles, what stands at its marks, events named, notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import SILENCE_SHOWN_DAYS, Event
from dashboards.charts.few_points import FEW
from dashboards.charts.story import draw_story
from dashboards.charts.story_canvas import Callout, Row, StoryPanel, StoryWords, Told
from dashboards.queries.view import View
from pipelines.core.model import TOTAL, Kind, Measure, Precision

PAGE: Final = 880.0  # pixels of a page's width that a drawing is made for
HEIGHTS: Final = {1: 400.0, 2: 540.0}  # by the number of panels


@dataclass(frozen=True)
class StoryFigures:
    """One panel: its title, its statements (frame), the same as points and as doubts that charts draw."""

    title: str
    frame: pl.DataFrame
    points: pl.DataFrame
    doubted: pl.DataFrame
    notes: tuple[str, ...] = ()


def can_tell(points: pl.DataFrame) -> bool:
    """Whether points (POINT_SCHEMA) are one series of which enough is exact to be read as a line."""
    exact = points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted")).height
    return points["series"].n_unique() == 1 and exact > FEW and 3 * exact >= points.height


def make_fit(
    view: View,
    figures: Sequence[StoryFigures],
    events: Sequence[Event],
    named: Sequence[Event],
    span: tuple[date, date],
) -> Callable[[float, float], go.Figure]:
    """What draws the figures for any room. `span` ends where the axis ends, `named` are among `events`."""
    words = view.words
    long = span[1].year - span[0].year > 1
    stated = {row["claim_id"]: row for each in figures for row in each.frame.to_dicts()}
    told = StoryWords(
        tell=lambda row: _tell(view, stated[row["claim_id"]], row, long),
        tick=words.tick,
        separators=words.separators,
        events=words("export.events"),
        silence=_tell_silence(view, span[1], max(day for each in figures for day in each.frame["as_of"])),
        key={name: words(f"key.short_{name}") for name in ("exact", "secondhand", "doubt")},
    )
    panels = [
        StoryPanel(
            each.title,
            each.points.filter(pl.col("low") == pl.col("high")),
            each.doubted,
            _call_out(view, each) if place == 0 else None,
            each.notes,
        )
        for place, each in enumerate(figures)
    ]
    return lambda width, height: draw_story(panels, events, named, told, span, (width, height))


def _tell(view: View, stated: Row, row: Row, long: bool) -> Told:
    words, day = view.words, row["as_of"]
    number, year = words.number(row["low"]), "y" if long else ""
    least = words.tick(day, "y") if long else ""
    if stated["as_of_precision"] == Precision.MONTH:
        when = words("when.month", day=words.tick(day, "yMMMM" if long else "MMMM"))
        return Told(number, when, words.tick(day, "yMMM"), least)
    key = "story.by" if row["kind"] == Kind.CUMULATIVE else "when.day"
    whole = words.day(day) if long else words.tick(day, "MMMMd")
    return Told(number, words(key, day=whole), words.tick(day, f"{year}MMMd"), least)


def _tell_silence(view: View, end: date, newest: date) -> tuple[str, str]:
    """Since when there is no figure; where bounds are newer than the axis, no exact one."""
    words, silent = view.words, (view.today - end).days
    if silent < SILENCE_SHOWN_DAYS:
        return "", ""
    days = words.days(silent)
    since, short = ("silent_since", "silent_days") if newest <= end else ("inexact_since", "inexact_days")
    day = words.tick(end, "MMMd")
    return words(f"chart.{since}", day=day, days=days), words(f"chart.{short}", days=days)


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
    return Callout(row["claim_id"], text, words("story.doubt_short"))


def note_left(view: View, left: pl.DataFrame, end: date) -> tuple[str, ...]:
    """What must be read beside the total of those who left, where it stands below the number held."""
    last: date = max(left["as_of"].to_list())
    ended = end - last >= timedelta(days=SILENCE_SHOWN_DAYS)
    return (*((view.words("story.no_total"),) if ended else ()), view.words("story.not_add"))


def compose_title(view: View, plain: str, figures: StoryFigures, whole: bool) -> str:
    """What one line shows: its newest exact figure and its highest, or since when it is counted.

    `whole`: none of its statements is left out; of a part, the first is told and not the highest.
    `plain` where it is a finding already, or where the words for another measure are missing.
    """
    words = view.words
    settled = figures.points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
    row = figures.frame.row(0, named=True)
    key = f"story.title_{row['measure']}"
    if plain != words(f"measure.{row['measure']}") or row["breakdown"] != TOTAL or not words.has(key):
        return plain
    rows = settled.sort("as_of", "claim_id").to_dicts()
    last, most = rows[-1], max(rows, key=lambda each: each["low"])
    facts = {"organisation": view.names[row["organisation"]], "last": words.number(last["low"])}
    newer = max(figures.frame["as_of"].to_list()) > last["as_of"]  # a bound, told nowhere in a title
    if row["kind"] == Kind.CUMULATIVE:
        told = row["baseline"] and not newer
        return words(key, **facts, start=words.day(row["baseline"])) if told else plain
    if newer:
        return words("story.title_dated", **facts, when=words("when.day", day=words.day(last["as_of"])))
    if not whole and rows[0]["epoch"] == last["epoch"]:
        start = words.tick(rows[0]["as_of"], "yMMMM")
        return words("overview.finding", **facts, first=words.number(rows[0]["low"]), start=start)
    if most["low"] == last["low"] or not whole or rows[0]["epoch"] != last["epoch"]:
        return words("overview.finding_one", **facts)
    return words(key, **facts, most=words.number(most["low"]), month=words.tick(most["as_of"], "yMMMM"))


def compose_subtitle(view: View, figures: StoryFigures, span: tuple[date, date]) -> tuple[str, str]:
    """Unit, span, and of those who left what that does not mean; and in short."""
    words, measure = view.words, figures.frame["measure"][0]
    first = figures.points.filter(pl.col("low") == pl.col("high"))["as_of"].min()
    assert isinstance(first, date)
    days = {"first": words.tick(first, "yMMMM"), "last": words.tick(span[1], "yMMMM")}
    if measure == Measure.IN_CUSTODY:
        return words("story.subtitle_held", **days), words("story.brief_held")
    if measure == Measure.RELEASED_TO_DATE:
        return words("story.subtitle_left"), words("story.brief")
    counted = words(f"measure_in_sentence.{measure}")
    return f"{counted[:1].upper()}{counted[1:]}.", ""
