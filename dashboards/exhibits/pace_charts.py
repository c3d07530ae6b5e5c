"""The pace by weeks, of releases and of the number held: a chart with its table and its CSV."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.story_canvas import Told
from dashboards.charts.week_blocks import Block
from dashboards.charts.week_columns import MARKS, PAGE, WEEK_SCHEMA, WeekWords, draw_weeks
from dashboards.exhibits import stories
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.pace_against import Against, find_against, list_other_rates, tell_against
from dashboards.exhibits.pace_windows import read_points
from dashboards.i18n.rich_text import Cell
from dashboards.i18n.translations import Words
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.metrics.pace import (
    MEAN_WEEKS,
    LongCount,
    Mean,
    PaceSide,
    Week,
    compute_facts,
    count_weeks,
    list_means,
)
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from dashboards.text.labels import lower_first
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind
from pipelines.core.situation import PolicyEvent
from pipelines.pace.rates import WEEK, PeopleRange

SLOTS: Final = {Kind.CUMULATIVE: 1, Kind.STOCK: 0}  # the colours of both measures on the Overview
PHONE_HEIGHT: Final = 470.0
INTERVAL_COLUMNS: Final = (
    "organisation", "kind", "start", "end", "days", "low", "central", "high",
    "low_per_week", "per_week", "high_per_week",
)  # fmt: skip


@remember
def make_intervals(view: View, kind: Kind) -> Exhibit:
    """Releases, or the fall of the number held, by week as columns and by reporting interval as a table."""
    words, known = view.words, compute_facts(view)
    side = known.released if kind is Kind.CUMULATIVE else known.held
    organisation = name_in_sentence(view, known.organisation)
    name, title = f"{view.situation_id}-pace-{kind}", words(f"pace.title_{kind}", organisation=organisation)
    since = view.situation.baseline - timedelta(days=0 if kind is Kind.CUMULATIVE else LEAD_DAYS)
    made = side.counted.filter(pl.col("end") > since)
    source = compose_source(view, read_points(view, kind))
    if made.is_empty() or side.newest is None:
        return Exhibit(name, title, words(f"pace.none_{kind}"), source)
    frame = made.with_columns(
        pl.lit(known.organisation).alias("organisation"),
        pl.lit(str(kind)).alias("kind"),
        (pl.col("low") * WEEK / pl.col("days")).alias("low_per_week"),
        (pl.col("central") * WEEK / pl.col("days")).alias("per_week"),
        (pl.col("high") * WEEK / pl.col("days")).alias("high_per_week"),
    ).select(INTERVAL_COLUMNS)
    first = max(since, min(made["start"].to_list()))
    weeks, long = count_weeks(side.counted, first, max(made["end"].to_list()))
    sure, _ = count_weeks(_keep_sure(side.counted, kind), first, weeks[-1].first)
    against = find_against(view) if kind is Kind.CUMULATIVE else []
    whole = [each for each in weeks if kind is not Kind.STOCK or each.four is None or not each.four.derived]
    others = list_other_rates(against)
    means = [replace(mean, other=others.get((mean.last, mean.days))) for mean in list_means(whole, long)]
    told = pace_sentences.keep_current(pace_sentences.choose_told(means, kind), side)
    finding = pace_sentences.compose_finding(told, kind, organisation, words)
    unsure = pace_sentences.tell_unconfirmed(view, side, *((mean.last, mean.days) for mean in told))
    this_year = first.year == side.newest.year == view.today.year
    form = "MMMd" if this_year else "yMMMd"
    blocks = [_make_block(each, told, kind, against, words, form) for each in long]
    fit = _make_fit(view, side, list(zip(weeks, sure, strict=True)), told, blocks, form)
    start, end = (pace_sentences.name_weekday(day, words) for day in (weeks[0].first, weeks[0].last))
    limits = "" if frame["low"].eq_missing(frame["high"]).all() else f" {words('pace.limits')}"
    return Exhibit(
        name=name,
        title=f"{finding} ({unsure})" if finding and unsure else finding or title,
        subtitle=words(f"pace.subtitle_{kind}", organisation=organisation, start=start, end=end) + limits,
        brief=words(f"pace.brief_{kind}") + limits,
        summary=words.plural(
            f"pace.summary_{kind}",
            side.made.filter(pl.col("end") > since).height,
            organisation=organisation,
            first=words.day(first),
            last=words.day(side.newest),
            movement=pace_sentences.tell_movement(view, side),
        )
        + "".join(f" {tell_against(view, each)}" for each in against),
        source=source,
        figure=fit(*PAGE),
        narrow=fit(PHONE, PHONE_HEIGHT),
        fit=fit,
        frame=frame,
        heads=tuple(words(f"pace.column_{name}") for name in ("start", "end", "days", "people", "per_week")),
        rows=tuple(_make_interval_row(row, kind, words) for row in frame.reverse().to_dicts()),
        key=(words("pace.key_stock"),) if kind is Kind.STOCK else (),
        numeric=(2, 3, 4),
        columns=INTERVAL_COLUMNS,
    )


def _find_limit(low: float | None, high: float | None, kind: Kind) -> str:
    """How people between two bounds are drawn: "" as their number, `open` where the number held may have
    risen or fallen, `up` or `down` where it is no fewer than one bound; None without a bound.
    """
    if pace_sentences.find_direction(low, high) == "open":
        return "open"
    if low is not None and high is not None:
        return ""
    return "down" if kind is Kind.STOCK and high is None else "up"


def _keep_sure(made: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The same intervals with what is sure of each: the bound where there is one, no bounds where it is open
    which way the number changed.
    """
    rows = made.to_dicts()
    for row in rows:
        low, high = row["low"], row["high"]
        limit = _find_limit(low, high, kind)
        if limit == "open":
            row |= {"low": None, "high": None}
        elif limit:
            row["central"] = low if high is None else high
    return pl.DataFrame(rows, schema=made.schema)


def _make_fit(
    view: View,
    side: PaceSide,
    counts: Sequence[tuple[Week, Week]],
    told: Sequence[Mean],
    blocks: Sequence[Block],
    form: str,
) -> Callable[[float, float], go.Figure]:
    """What draws the weeks of a side for any room; people held are drawn below zero where they fall.

    `counts`: of each week its people, and the same by what is sure of its intervals. `form`: of days.
    """
    words, kind = view.words, side.kind
    assert side.newest is not None
    weeks = [week for week, _ in counts]
    sign = 1 if kind is Kind.CUMULATIVE else -1
    last_days = {mean.last for mean in told if mean.days == MEAN_WEEKS * WEEK}
    said = {week.first: week for week in weeks if week.mean is not None and week.last in last_days}
    frame = pl.DataFrame(
        [
            {
                "first": week.first,
                **_bound_people(known.people, kind),
                "start": None if week.days is None else week.days[0],
                "end": None if week.days is None else week.days[1],
                "number": _tell_exact(week, kind, words),
                "whole": week.whole,
                "mean": None if week.mean is None or not _is_bounded(week.four) else sign * week.mean,
                "said": week.first in said,
                "hover": _tell_week(week, kind, words),
            }
            for week, known in counts
        ],
        schema=WEEK_SCHEMA,
    )
    events = _list_events(view, (weeks[0].first, side.newest))
    around = WeekWords(
        tell=lambda row: Told(*pace_sentences.tell_mean(said[row["first"]], kind, words, form), least=""),
        tick=words.tick,
        separators=words.separators,
        events=words("export.events"),
        more_events=partial(stories.tell_more_events, words),
        silence=stories.tell_silence(view, side.newest, long=form != "MMMd", total=kind is Kind.CUMULATIVE),
        not_to_scale=words("chart.not_to_scale"),
        key=name_marks(words),
        heading=words(f"pace.axis_{kind}"),
        tell_people=words.number if kind is Kind.CUMULATIVE else partial(pace_sentences.tell_net, words),
    )
    return lambda width, height: draw_weeks(
        frame, around, SLOTS[kind], (width, height), blocks, events, events
    )


def name_marks(words: Words) -> dict[str, str]:
    """The key of weekly columns."""
    return {mark: words(f"pace.key_{mark}") for mark in MARKS}


def _is_bounded(amount: PeopleRange | None) -> bool:
    return amount is not None and amount.low is not None and amount.high is not None


def _bound_people(people: PeopleRange, kind: Kind) -> dict[str, float | str | None]:
    """What a column is of: its people, below zero a fall, and how they are drawn."""
    if people.central is None:
        return {"people": None, "limit": ""}
    shared = people.derived and _is_bounded(people)
    limit = "" if shared else _find_limit(people.low, people.high, kind)
    sign = 1 if kind is Kind.CUMULATIVE else -1
    return {"people": 0.0 if limit == "open" else sign * people.central, "limit": limit}


def _tell_exact(week: Week, kind: Kind, words: Words) -> str | None:
    """The people of a column where figures leave one number; of a part of a week with its days."""
    if week.people.central is None or not week.exact:
        return None
    people = round(week.people.central)
    if week.people.covered < WEEK:
        told = pace_sentences.tell_pace(people, kind, words)
        return words("pace.block", people=told, days=words.days(week.people.covered))
    return words.number(abs(people))


def _make_block(
    count: LongCount, told: Sequence[Mean], kind: Kind, against: Sequence[Against], words: Words, form: str
) -> Block:
    """One long count; its people a week where these are told, and what contradicts it; with their bounds
    where its figures leave more than one number."""
    sign = 1 if kind is Kind.CUMULATIVE else -1
    people, rate = (pace_sentences.tell_pace(number, kind, words) for number in (count.people, count.rate))
    if not count.low == count.people == count.high:
        amount = PeopleRange(count.days, count.days, count.low, count.people, count.high, derived=False)
        people = pace_sentences.tell_bounded(count.low, count.people, count.high, kind, words)
        rate = pace_sentences.tell_bounded(*amount.per_week(), kind, words)
    facts = {
        "people": people,
        "days": words.days(count.days),
        "rate": rate,
        "start": words.tick(count.first, form),
        "end": words.tick(count.last, form),
    }
    way = pace_sentences.find_direction(count.low, count.high)
    key = "pace.block" if kind is Kind.STOCK and way in pace_sentences.UNSURE else "pace.block_rate"
    hover = words("pace.hover", **facts | {"people": words(key, **facts)})
    short, text, foot = words("pace.block", **facts), "", ""
    found = next((each for each in against if (each.start, each.end) == count.span), None)
    if found is not None:
        facts["sum"] = words.number(found.sum)
        both = Mean(count.last, count.days, count.rate, count.rate, count.rate, found.rate)
        facts["rate"] = pace_sentences.tell_mean_rate(both, words)
        both_sums = words("gaps.range", low=facts["people"], high=facts["sum"])
        short = words("pace.block", **facts | {"people": both_sums})
        text, foot = words("pace.block_against", **facts), words("pace.block_against_foot", **facts)
    elif any((each.last, each.days) == (count.last, count.days) for each in told):
        text, foot = words("pace.block_rate", **facts), words("pace.block_foot", **facts)
    other = None if found is None else found.rate
    limit = _find_limit(count.low, count.high, kind)
    least = (count.low if count.high is None else count.high) or 0.0
    height = {"": count.rate, "open": 0.0}.get(limit, least * WEEK / count.days)
    return Block(count.first, count.last, sign * height, hover, text or short, short, foot, other, limit)


def _tell_week(week: Week, kind: Kind, words: Words) -> str:
    """The people of a week with their bounds; what the number held did within an interval is not known."""
    people = week.people
    low, high = (people.low, people.high) if kind is Kind.CUMULATIVE or not people.derived else (None, None)
    told = pace_sentences.tell_bounded(low, people.central, high, kind, words)
    days = {"start": words.short_day(week.first), "end": words.short_day(week.last)}
    return words("pace.hover", people=told, **days)


def _make_interval_row(row: dict[str, Any], kind: Kind, words: Words) -> tuple[Cell, ...]:
    return (
        words.short_day(row["start"]),
        words.short_day(row["end"]),
        words.number(row["days"]),
        pace_sentences.tell_bounded(row["low"], row["central"], row["high"], kind, words),
        pace_sentences.tell_bounded(row["low_per_week"], row["per_week"], row["high_per_week"], kind, words),
    )


def list_policy_events(view: View) -> list[PolicyEvent]:
    """The events before and after which the situation compares the pace, up to the day of the view."""
    return [each for each in view.situation.policy_events if each.day <= view.today]


def _list_events(view: View, span: tuple[date, date]) -> list[Event]:
    """The policy events of the situation; its main events where it names none."""
    words = view.words
    if not view.situation.policy_events:
        return stories.list_named(view, span, ())
    found = []
    for each in list_policy_events(view):
        if span[0] <= each.day <= span[1]:
            title = lower_first(words.of(each.title))
            found.append(Event(each.day, "", title, f"{words.short_day(each.day)}: {title}"))
    return found
