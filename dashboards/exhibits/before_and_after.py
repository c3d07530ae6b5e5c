"""The pace before and after each policy event: dots with ranges, and whether both can be told apart."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl

from dashboards.charts.difference_dots import Comparison, Comparisons, DotWords, Pace, draw_comparisons
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.pace_charts import SLOTS, list_policy_events
from dashboards.exhibits.pace_windows import make_table, read_points
from dashboards.i18n.rich_text import Cell
from dashboards.i18n.translations import Words
from dashboards.metrics.pace import WINDOW, PaceSide, compute_facts
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from dashboards.text.labels import lower_first
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind
from pipelines.core.situation import PolicyEvent
from pipelines.pace.rates import WEEK, PaceChange, PeopleRange, compare_around, find_margin


@dataclass(frozen=True)
class Judged:
    """The pace around one event on one side, and what is said of it."""

    event: PolicyEvent
    name: str  # of the side
    side: PaceSide
    change: PaceChange

    @property
    def clear(self) -> bool | None:
        """Whether both paces differ by more than chance; None where they do not compare."""
        low, high = self.change.low80, self.change.high80
        return None if low is None or high is None else low * high > 0


@remember
def make_before_and_after(view: View) -> Exhibit:
    """The pace before and after each policy event, with the difference and its uncertainty.

    The day of an event is the first after it: a figure of that day may have counted what came of it.
    """
    words, known = view.words, compute_facts(view)
    judged = [
        Judged(event, name, side, compare_around(side.made, event.day - timedelta(days=1), WINDOW))
        for event in list_policy_events(view)
        for name, side in (("gross", known.released), ("net", known.held))
    ]
    records = [_make_record(each, known.organisation) for each in judged]
    rows = [_make_row(each, words) for each in judged]
    heads = tuple(words(f"pace.column_{each}") for each in ("event", "counts", "before", "after", "verdict"))
    made = make_table(view, "pace-events", pl.DataFrame(records), heads, rows, (2, 3))
    compared = [each for each in judged if each.clear is not None]
    if not compared:
        return made
    groups = [
        Comparisons(
            words(f"pace_events.axis_{name}"),
            SLOTS[side.kind],
            tuple(_make_comparison(each, words) for each in compared if each.name == name),
        )
        for name, side in (("gross", known.released), ("net", known.held))
    ]
    around = DotWords(
        ends=(words("pace_events.rose"), words("pace_events.fell")),
        tell=words.number,
        notes=[_tell_left_out(each, words) for each in judged if each.clear is None],
        verdict=_tell_all(compared, words),
    )
    draw = partial(draw_comparisons, [group for group in groups if group.rows], around)
    return replace(
        made,
        title=_compose_finding(compared, words),
        source=_compose_source(view, compared),
        subtitle=words(
            "pace_events.subtitle",
            organisation=name_in_sentence(view, known.organisation),
            days=words.days(WINDOW),
        ),
        brief=words("pace_events.brief", days=words.days(WINDOW)),
        figure=draw(),
        narrow=draw(PHONE),
        fit=draw,
    )


def _compose_source(view: View, compared: list[Judged]) -> str:
    """Whose figures are told, up to the newest of them: those between which the days around an event lie."""
    told = []
    for side in {each.name: each.side for each in compared}.values():
        days = [each.event.day - timedelta(days=1) for each in compared if each.side is side]
        first, last = min(days) - timedelta(days=WINDOW), max(days) + timedelta(days=WINDOW)
        near = side.made.filter(pl.col("end") > first, pl.col("start") < last)
        ends = min(near["start"].to_list()), max(near["end"].to_list())
        told.append(read_points(view, side.kind).filter(pl.col("as_of").is_between(*ends)))
    return compose_source(view, pl.concat(told))


def _make_record(judged: Judged, organisation: str) -> dict[str, Any]:
    change = judged.change
    return {
        "organisation": organisation,
        "event": judged.event.day,
        "counts": judged.name,
        "window_days": WINDOW,
        "before_per_week": change.before.per_week()[1],
        "after_per_week": change.after.per_week()[1],
        "difference_per_week": _scale(change.difference),
        "low80_per_week": _scale(change.low80),
        "high80_per_week": _scale(change.high80),
    }


def _make_row(judged: Judged, words: Words) -> tuple[Cell, ...]:
    tell = pace_sentences.tell_rate if judged.name == "gross" else pace_sentences.tell_net_rate
    event = words.of(judged.event.title), words.short_day(judged.event.day)
    paces = (
        words("pace.none_gross") if judged.name == "gross" and people.central is None else tell(people, words)
        for people in (judged.change.before, judged.change.after)
    )
    told = pace_sentences.tell_verdict(judged.change, words)
    return event, words(f"pace.side_{judged.name}"), *paces, told


def _make_comparison(judged: Judged, words: Words) -> Comparison:
    change, event = judged.change, judged.event
    before, after = (
        _make_pace(judged.side, people, when, words)
        for when, people in (("before", change.before), ("after", change.after))
    )
    told = pace_sentences.tell_verdict(change, words)
    return Comparison(words.of(event.title), words.short_day(event.day), before, after, told)


def _tell_left_out(judged: Judged, words: Words) -> str:
    """What is not drawn, and why it does not compare."""
    return words(
        "pace_events.left_out",
        what=lower_first(words(f"pace.side_{judged.name}")),
        day=words.short_day(judged.event.day),
        verdict=lower_first(pace_sentences.tell_verdict(judged.change, words)),
    )


def _tell_all(compared: list[Judged], words: Words) -> str:
    """What is said of all pairs in one; empty where they differ in it."""
    told = {pace_sentences.tell_verdict(each.change, words) for each in compared}
    if len(told) > 1:
        return ""
    if len(compared) > 1 and not any(each.clear for each in compared):
        return words("pace_events.all_unclear")
    return told.pop()


def _scale(a_day: float | None) -> float | None:
    return None if a_day is None else a_day * WEEK


def _make_pace(side: PaceSide, people: PeopleRange, when: str, words: Words) -> Pace:
    """A pace before or after an event as a mark with its range; people who left are never below zero."""
    central, margin = people.per_week()[1] or 0.0, find_margin(side.made, people)
    low, high = (None, None) if margin is None else (margin[0] * WEEK, margin[1] * WEEK)
    if side.kind is Kind.CUMULATIVE and low is not None:
        low = max(low, 0.0)
    return Pace(words(f"pace_events.{when}", amount=_tell_central(side, people, words)), central, low, high)


def _tell_central(side: PaceSide, people: PeopleRange, words: Words) -> str:
    """People a week without their bounds; of the number held as a fall or a rise."""
    central = people.per_week()[1] or 0.0
    if side.kind is Kind.CUMULATIVE:
        return words.rate(central)
    return words(f"pace.net_{_name_net(central)}", amount=words.rate(abs(central)))


def _name_net(fall: float) -> str:
    if round(fall, 1) == 0:
        return "same"
    return "fall" if fall > 0 else "rise"


def _compose_finding(compared: list[Judged], words: Words) -> str:
    """The first pace that differs after an event by more than chance, with both numbers; else that the
    figures do not tell.
    """
    clear = next((each for each in compared if each.clear), None)
    if clear is None:
        days = sorted({each.event.day for each in compared})
        named = {each.event.day: name_event(each.event, words) for each in compared}
        return words("pace_events.finding_none", events=words.listed([named[day] for day in days]))
    before, after = (
        _tell_central(clear.side, people, words) for people in (clear.change.before, clear.change.after)
    )
    return words(
        f"pace_events.finding_{clear.name}",
        event=name_event(clear.event, words),
        before=before,
        after=after,
    )


def name_event(event: PolicyEvent, words: Words) -> str:
    """An event inside a sentence: by its name, or by its day where it has none."""
    return words.of(event.name) if event.name else words("pace_events.day", day=words.day(event.day))
