"""The charts and tables of the page on pace and outlook, each with its summary, table, source and CSV."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import pace_words
from dashboards.charts.furniture import Event
from dashboards.charts.intervals import BAR_SCHEMA, bars
from dashboards.charts.timeline import Lettering
from dashboards.exhibit_parts import events
from dashboards.exhibits import MAIN_EVENTS, Exhibit
from dashboards.latest import LEAD_DAYS, find_headlines
from dashboards.markup import Cell, Link
from dashboards.pace import WINDOW, WINDOWS, Facts, Side, facts
from dashboards.sentences import source_line
from dashboards.view import View
from dashboards.words import Words
from pipelines.model import Kind
from pipelines.rates import WEEK, Amount, around, smoothed, within
from pipelines.situation import PolicyEvent

SLOTS: Final = {Kind.CUMULATIVE: 1, Kind.STOCK: 0}  # the colours of both measures on the Overview
INTERVAL_COLUMNS: Final = (
    "organisation", "kind", "start", "end", "days", "low", "central", "high",
    "low_per_week", "per_week", "high_per_week",
)  # fmt: skip


@lru_cache(maxsize=64)
def intervals(view: View, kind: Kind) -> Exhibit:
    """Bars of releases, or of the fall of the number held, one for each reporting interval."""
    words, known = view.words, facts(view)
    side = known.released if kind is Kind.CUMULATIVE else known.held
    organisation = view.names[known.organisation]
    name, title = f"{view.situation_id}-pace-{kind}", words(f"pace.title_{kind}", organisation=organisation)
    since = view.situation.baseline - timedelta(days=0 if kind is Kind.CUMULATIVE else LEAD_DAYS)
    made = side.made.filter(pl.col("end") > since)
    source = source_line(view, points_of(view, kind))
    if made.is_empty() or side.newest is None:
        return Exhibit(name, title, words("summary.none"), source)
    frame = made.with_columns(
        pl.lit(known.organisation).alias("organisation"),
        pl.lit(str(kind)).alias("kind"),
        (pl.col("low") * WEEK / pl.col("days")).alias("low_per_week"),
        (pl.col("central") * WEEK / pl.col("days")).alias("per_week"),
        (pl.col("high") * WEEK / pl.col("days")).alias("high_per_week"),
    ).select(INTERVAL_COLUMNS)
    first = max(since, min(made["start"].to_list()))
    first = min(first, view.situation.baseline)  # the day of the announcement itself is on the axis
    marked = _events(view, first)
    smooth = smoothed(side.made).filter(pl.col("day") > since)
    if kind is Kind.CUMULATIVE:  # fewer than none cannot leave
        smooth = smooth.with_columns(pl.col("low80").clip(lower_bound=0))
    return Exhibit(
        name=name,
        title=title,
        summary=words.plural(
            f"pace.summary_{kind}",
            made.height,
            organisation=organisation,
            first=words.day(first),
            last=words.day(side.newest),
            movement=pace_words.movement(side, words),
        ),
        source=source,
        figure=bars(
            _bars(frame, words),
            smooth,
            [event for event, _ in marked],
            Lettering(words.tick, words.separators, words("chart.silence")),
            first,
            view.today,
            words(f"pace.axis_{kind}"),
            SLOTS[kind],
        ),
        frame=frame,
        heads=tuple(words(f"pace.column_{name}") for name in ("start", "end", "days", "people", "per_week")),
        rows=tuple(_interval(row, words) for row in frame.reverse().to_dicts()),
        key=tuple(
            words(f"pace.key_{name}")
            for name in ("bar", "pale", "open", "smooth", *(("stock",) if kind is Kind.STOCK else ()))
        ),
        events=tuple((event.label, link) for event, link in marked),
        numeric=(2, 3, 4),
        columns=INTERVAL_COLUMNS,
    )


def points_of(view: View, kind: Kind) -> pl.DataFrame:
    """The statements of the primary organisation behind a side."""
    found = find_headlines(view)
    points = (found.left if kind is Kind.CUMULATIVE else found.held).line
    return points.filter(pl.col("as_of") <= view.today, pl.col("published") <= view.today)


def _bars(frame: pl.DataFrame, words: Words) -> pl.DataFrame:
    rows = [
        {
            "start": row["start"],
            "end": row["end"],
            "low": row["low_per_week"],
            "central": row["per_week"],
            "high": row["high_per_week"],
            "hover": words(
                "pace.hover",
                start=words.short_day(row["start"]),
                end=words.short_day(row["end"]),
                people=_bounded(row["low"], row["central"], row["high"], words),
                rate=_bounded(row["low_per_week"], row["per_week"], row["high_per_week"], words),
            ),
        }
        for row in frame.to_dicts()
    ]
    return pl.DataFrame(rows, schema=BAR_SCHEMA)


def _interval(row: dict[str, Any], words: Words) -> tuple[Cell, ...]:
    return (
        words.short_day(row["start"]),
        words.short_day(row["end"]),
        words.number(row["days"]),
        _bounded(row["low"], row["central"], row["high"], words),
        _bounded(row["low_per_week"], row["per_week"], row["high_per_week"], words),
    )


def _bounded(low: float | None, central: float, high: float | None, words: Words) -> str:
    """A number with the bounds that its statements leave."""
    amount = Amount(WEEK, WEEK, low, central, high, derived=False)
    return pace_words.rate(amount, words)


def policy_events(view: View) -> list[PolicyEvent]:
    """The events before and after which the situation compares the pace, up to the day of the view."""
    return [each for each in view.situation.policy_events if each.day <= view.today]


def _events(view: View, since: date) -> list[tuple[Event, Link]]:
    """The policy events of the situation, in time order; laws and release waves where it names none."""
    if not view.situation.policy_events:
        return events(view, since, view.today, MAIN_EVENTS)
    words = view.words
    shown = sorted((each.day, words.of(each.title)) for each in policy_events(view) if since <= each.day)
    found = []
    for number, (day, title) in enumerate(shown, start=1):
        text = f"{words.short_day(day)}: {title}"
        found.append((Event(day, str(number), text), Link(text, None)))
    return found


@lru_cache(maxsize=64)
def windows(view: View) -> Exhibit:
    """Gross releases, new detentions and the net fall over the last days, each up to its newest figure."""
    words, known = view.words, facts(view)
    records, rows = [], []
    for name, side in _sides(known):
        if side.newest is None:
            missing = words("pace.no_figures")
            rows.append((words(f"pace.side_{name}"), missing, missing, missing, missing))
            continue
        start = view.situation.baseline
        lengths = [*WINDOWS, *([(side.newest - start).days] if side.newest > start else [])]
        for days in lengths:
            amount = within(side.made, side.newest - timedelta(days=days), side.newest)
            low, central, high = amount.per_week()
            records.append(
                {
                    "organisation": known.organisation,
                    "counts": name,
                    "until": side.newest,
                    "days": days,
                    "covered_days": amount.covered,
                    "low_per_week": low,
                    "per_week": central,
                    "high_per_week": high,
                    "derived": amount.derived,
                }
            )
            rows.append(
                (
                    words(f"pace.side_{name}"),
                    words.days(days)
                    if days in WINDOWS
                    else words("window.since", day=words.short_day(start)),
                    pace_words.rate(amount, words),
                    words.short_day(side.newest),
                    words("pace.covered", covered=words.number(amount.covered), days=words.number(days)),
                )
            )
    frame = pl.DataFrame(records)
    names = ("counts", "window", "per_week", "end", "covered")
    return table(
        view, "pace-windows", frame, tuple(words(f"pace.column_{each}") for each in names), rows, (2,)
    )


def _sides(known: Facts) -> list[tuple[str, Side]]:
    return [("gross", known.released), ("detained", known.detained), ("net", known.held)]


@lru_cache(maxsize=64)
def before_and_after(view: View) -> Exhibit:
    """The pace before and after each policy event, with the difference and its uncertainty."""
    words, known = view.words, facts(view)
    records, rows = [], []
    for event in policy_events(view):
        for name, side in (("gross", known.released), ("net", known.held)):
            change = around(side.made, event.day, WINDOW)
            title = words.of(event.title)
            records.append(
                {
                    "organisation": known.organisation,
                    "event": event.day,
                    "counts": name,
                    "window_days": WINDOW,
                    "before_per_week": change.before.per_week()[1],
                    "after_per_week": change.after.per_week()[1],
                    **{
                        key: None if value is None else value * WEEK
                        for key, value in (
                            ("difference_per_week", change.difference),
                            ("low80_per_week", change.low80),
                            ("high80_per_week", change.high80),
                        )
                    },
                }
            )
            rows.append(
                (
                    (title, words.short_day(event.day)),
                    words(f"pace.side_{name}"),
                    pace_words.rate(change.before, words),
                    pace_words.rate(change.after, words),
                    pace_words.difference(change, words),
                )
            )
    names = ("event", "counts", "before", "after", "difference")
    heads = tuple(words(f"pace.column_{each}") for each in names)
    return table(view, "pace-events", pl.DataFrame(records), heads, rows, (2, 3, 4))


def table(
    view: View,
    name: str,
    frame: pl.DataFrame,
    heads: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    numeric: tuple[int, ...],
) -> Exhibit:
    """A table about the pace as an exhibit: words by its name, the source of both sides' statements."""
    words = view.words
    points = [points for kind in (Kind.CUMULATIVE, Kind.STOCK) if (points := points_of(view, kind)).height]
    return Exhibit(
        name=f"{view.situation_id}-{name}",
        title=words(f"{name.replace('-', '_')}.title"),
        summary=words(f"{name.replace('-', '_')}.summary", days=words.days(WINDOW)),
        source=source_line(view, pl.concat(points) if points else pl.DataFrame()),
        frame=frame,
        heads=heads,
        rows=tuple(rows),
        numeric=numeric,
        columns=tuple(frame.columns),
    )
