"""Charts and tables of the pace: intervals, windows, before and after events; each with its CSV."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.difference_dots import Difference, draw_differences
from dashboards.charts.timeseries import Lettering
from dashboards.charts.week_columns import WEEK_SCHEMA, draw_weeks, list_mondays
from dashboards.exhibits.exhibit import PHONE, Exhibit, end_time_axis
from dashboards.exhibits.figures_over_time import MAIN_EVENTS, list_events
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import Words
from dashboards.metrics.headline import LEAD_DAYS, find_headlines
from dashboards.metrics.pace import WINDOW, WINDOWS, PaceFacts, PaceSide, compute_facts
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind
from pipelines.core.situation import PolicyEvent
from pipelines.pace.rates import WEEK, PeopleRange, compare_around, sum_within

SLOTS: Final = {Kind.CUMULATIVE: 1, Kind.STOCK: 0}  # the colours of both measures on the Overview
INTERVAL_COLUMNS: Final = (
    "organisation", "kind", "start", "end", "days", "low", "central", "high",
    "low_per_week", "per_week", "high_per_week",
)  # fmt: skip


@remember
def make_intervals(view: View, kind: Kind) -> Exhibit:
    """Releases, or the fall of the number held, by week as columns and by reporting interval as a table."""
    words, known = view.words, compute_facts(view)
    side = known.released if kind is Kind.CUMULATIVE else known.held
    organisation = view.names[known.organisation]
    name, title = f"{view.situation_id}-pace-{kind}", words(f"pace.title_{kind}", organisation=organisation)
    since = view.situation.baseline - timedelta(days=0 if kind is Kind.CUMULATIVE else LEAD_DAYS)
    made = side.made.filter(pl.col("end") > since)
    source = compose_source(view, read_points(view, kind))
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
    end, silence = end_time_axis(words, max(made["end"].to_list()), view.today)
    marked = [each for each in _list_events(view, first) if each[0].day <= end]
    weeks = _count_weeks(side.made, list_mondays(max(since, min(made["start"].to_list())), end), kind, words)
    return Exhibit(
        name=name,
        title=_compose_finding(weeks, kind, organisation, side.newest, words) or title,
        subtitle=words(f"pace.subtitle_{kind}", organisation=organisation),
        summary=words.plural(
            f"pace.summary_{kind}",
            made.height,
            organisation=organisation,
            first=words.day(first),
            last=words.day(side.newest),
            movement=pace_sentences.compose_movement(side, words),
        ),
        source=source,
        figure=draw_weeks(
            weeks,
            [event for event, _ in marked],
            Lettering(words.tick, words.separators),
            words(f"pace.axis_{kind}"),
            SLOTS[kind],
            silence,
        ),
        frame=frame,
        heads=tuple(words(f"pace.column_{name}") for name in ("start", "end", "days", "people", "per_week")),
        rows=tuple(_make_interval_row(row, kind, words) for row in frame.reverse().to_dicts()),
        key=tuple(words(f"pace.key_{name}") for name in _list_keys(weeks, kind)),
        events=tuple((event.label, link) for event, link in marked),
        numeric=(2, 3, 4),
        columns=INTERVAL_COLUMNS,
    )


def _compose_finding(weeks: pl.DataFrame, kind: Kind, organisation: str, newest: date, words: Words) -> str:
    """From which mean of four weeks to which; of the number held its fastest fall. Empty without two
    means.
    """
    means = weeks.filter(pl.col("mean").is_not_null())
    if means.height <= 1:
        return ""
    rows = {
        "first": means.row(0, named=True),
        "peak": means.sort("mean", "monday").row(-1, named=True),
        "last": means.row(-1, named=True),
    }
    if kind is Kind.STOCK and round(rows["peak"]["mean"]) <= 0:
        return ""
    return words(
        f"pace.finding_{kind}",
        organisation=organisation,
        **{side: _tell_mean(row, kind, words) for side, row in rows.items()},
        **{
            f"{side}_day": words.short_day(min(row["monday"] + timedelta(days=6), newest))
            for side, row in rows.items()
        },
    )


def _tell_mean(row: dict[str, Any], kind: Kind, words: Words) -> str:
    """A mean of four weeks in words; of the number held as a fall or a rise."""
    if kind is Kind.CUMULATIVE:
        return words.rate(row["mean"])
    if round(row["mean"]) == 0:
        return words("pace.net_same")
    return words(f"pace.net_{'fall' if row['mean'] > 0 else 'rise'}", amount=words.rate(abs(row["mean"])))


def read_points(view: View, kind: Kind) -> pl.DataFrame:
    """The statements of the primary organisation behind a side."""
    found = find_headlines(view)
    points = (found.left if kind is Kind.CUMULATIVE else found.held).line
    return points.filter(pl.col("as_of") <= view.today, pl.col("published") <= view.today)


MEAN_WEEKS: Final = 4


def _count_weeks(made: pl.DataFrame, mondays: list[date], kind: Kind, words: Words) -> pl.DataFrame:
    """WEEK_SCHEMA: people of each ISO week, from the intervals, of which one that spans weeks is divided by
    its days; the mean is of weeks of which figures cover every day."""
    sums = [sum_within(made, day - timedelta(days=1), day + timedelta(days=6)) for day in mondays]
    rows = []
    for place, (monday, people) in enumerate(zip(mondays, sums, strict=True)):
        last = sums[max(place - MEAN_WEEKS + 1, 0) : place + 1]
        full = [each.central for each in last if each.central is not None and each.covered == WEEK]
        told = (
            words("pace.no_figures")
            if people.central is None
            else _tell_bounded(people.low, people.central, people.high, kind, words)
        )
        rows.append(
            {
                "monday": monday,
                "people": people.central,
                "whole": not people.derived and people.covered == WEEK,
                "mean": sum(full) / MEAN_WEEKS if len(full) == MEAN_WEEKS else None,
                "hover": words(
                    "pace.hover",
                    start=words.short_day(monday),
                    end=words.short_day(monday + timedelta(days=6)),
                    people=told,
                ),
            }
        )
    return pl.DataFrame(rows, schema=WEEK_SCHEMA)


def _list_keys(weeks: pl.DataFrame, kind: Kind) -> list[str]:
    """Which marks these weeks have."""
    told = weeks.filter(pl.col("people").is_not_null())
    present = {
        "whole": told["whole"].any(),
        "pale": not told["whole"].all(),
        "none": told.height < weeks.height,
        "mean": weeks["mean"].is_not_null().any(),
        "stock": kind is Kind.STOCK,
    }
    return [name for name, is_there in present.items() if is_there]


def _make_interval_row(row: dict[str, Any], kind: Kind, words: Words) -> tuple[Cell, ...]:
    return (
        words.short_day(row["start"]),
        words.short_day(row["end"]),
        words.number(row["days"]),
        _tell_bounded(row["low"], row["central"], row["high"], kind, words),
        _tell_bounded(row["low_per_week"], row["per_week"], row["high_per_week"], kind, words),
    )


def _tell_bounded(low: float | None, central: float, high: float | None, kind: Kind, words: Words) -> str:
    """A number with the bounds that its statements leave; of the number held a fall or a rise."""
    amount = PeopleRange(WEEK, WEEK, low, central, high, derived=False)
    tell = pace_sentences.tell_rate if kind is Kind.CUMULATIVE else pace_sentences.tell_net_rate
    return tell(amount, words)


def list_policy_events(view: View) -> list[PolicyEvent]:
    """The events before and after which the situation compares the pace, up to the day of the view."""
    return [each for each in view.situation.policy_events if each.day <= view.today]


def _list_events(view: View, since: date) -> list[tuple[Event, Link]]:
    """The policy events of the situation, in time order; laws and release waves where it names none."""
    if not view.situation.policy_events:
        return list_events(view, since, view.today, MAIN_EVENTS)
    words = view.words
    shown = sorted((each.day, words.of(each.title)) for each in list_policy_events(view) if since <= each.day)
    found = []
    for number, (day, title) in enumerate(shown, start=1):
        text = f"{words.short_day(day)}: {title}"
        found.append((Event(day, str(number), text), Link(text, None)))
    return found


@remember
def make_windows(view: View) -> Exhibit:
    """Gross releases, new detentions and the net fall over the last days, each up to its newest figure."""
    words, known = view.words, compute_facts(view)
    records, rows = [], []
    for name, side in _list_sides(known):
        if side.newest is None:
            missing = words("pace.no_figures")
            rows.append((words(f"pace.side_{name}"), missing, missing, missing, missing))
            continue
        tell = pace_sentences.tell_net_rate if name == "net" else pace_sentences.tell_rate
        start = view.situation.baseline
        lengths = [*WINDOWS, *([(side.newest - start).days] if side.newest > start else [])]
        for days in lengths:
            amount = sum_within(side.made, side.newest - timedelta(days=days), side.newest)
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
                    tell(amount, words),
                    words.short_day(side.newest),
                    words("pace.covered", covered=words.number(amount.covered), days=words.number(days)),
                )
            )
    frame = pl.DataFrame(records)
    names = ("counts", "window", "per_week", "end", "covered")
    return make_table(
        view, "pace-windows", frame, tuple(words(f"pace.column_{each}") for each in names), rows, (2,)
    )


def _list_sides(known: PaceFacts) -> list[tuple[str, PaceSide]]:
    return [("gross", known.released), ("detained", known.detained), ("net", known.held)]


@remember
def make_before_and_after(view: View) -> Exhibit:
    """The pace before and after each policy event, with the difference and its uncertainty."""
    words, known = view.words, compute_facts(view)
    records, rows, drawn = [], [], []
    for event in list_policy_events(view):
        for name, side in (("gross", known.released), ("net", known.held)):
            change = compare_around(side.made, event.day, WINDOW)
            title = words.of(event.title)
            scaled = {
                key: None if value is None else value * WEEK
                for key, value in (
                    ("difference_per_week", change.difference),
                    ("low80_per_week", change.low80),
                    ("high80_per_week", change.high80),
                )
            }
            records.append(
                {
                    "organisation": known.organisation,
                    "event": event.day,
                    "counts": name,
                    "window_days": WINDOW,
                    "before_per_week": change.before.per_week()[1],
                    "after_per_week": change.after.per_week()[1],
                    **scaled,
                }
            )
            tell = pace_sentences.tell_rate if name == "gross" else pace_sentences.tell_net_rate
            before, after = tell(change.before, words), tell(change.after, words)
            told = pace_sentences.tell_difference(change, words)
            rows.append(
                ((title, words.short_day(event.day)), words(f"pace.side_{name}"), before, after, told)
            )
            drawn.append(
                Difference(
                    words("pace_events.row", title=title, day=words.short_day(event.day), side=rows[-1][1]),
                    words("pace_events.told", before=before, after=after, difference=told),
                    SLOTS[side.kind],
                    *scaled.values(),
                )
            )
    names = ("event", "counts", "before", "after", "difference")
    heads = tuple(words(f"pace.column_{each}") for each in names)
    frame = pl.DataFrame(records)
    made = make_table(view, "pace-events", frame, heads, rows, (2, 3, 4))
    if not any(each.central is not None for each in drawn):
        return made
    ends = (words("pace_events.fewer"), words("pace_events.more"))
    draw = partial(draw_differences, drawn, ends, words.separators)
    return replace(
        made,
        title=_compose_differences(drawn, view),
        subtitle=words(
            "pace_events.subtitle", organisation=view.names[known.organisation], days=words.days(WINDOW)
        ),
        figure=draw(),
        narrow=draw(PHONE),
        fit=draw,
    )


def _compose_differences(drawn: list[Difference], view: View) -> str:
    """Of how many differences how many can be told apart from chance."""
    words, known = view.words, [each for each in drawn if each.low is not None and each.high is not None]
    told = [
        each for each in known if each.low is not None and each.high is not None and each.low * each.high > 0
    ]
    if not known:
        return words("pace_events.title")
    if not told:
        return words.plural("pace_events.finding_none", len(known))
    return words.plural("pace_events.finding", len(known), told=words.number(len(told)))


def make_table(
    view: View,
    name: str,
    frame: pl.DataFrame,
    heads: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    numeric: tuple[int, ...],
) -> Exhibit:
    """A table about the pace as an exhibit: words by its name, the source of both sides' statements."""
    words = view.words
    points = [points for kind in (Kind.CUMULATIVE, Kind.STOCK) if (points := read_points(view, kind)).height]
    return Exhibit(
        name=f"{view.situation_id}-{name}",
        title=words(f"{name.replace('-', '_')}.title"),
        summary=words(f"{name.replace('-', '_')}.summary", days=words.days(WINDOW)),
        source=compose_source(view, pl.concat(points) if points else pl.DataFrame()),
        frame=frame,
        heads=heads,
        rows=tuple(rows),
        numeric=numeric,
        columns=tuple(frame.columns),
    )
