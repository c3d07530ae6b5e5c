"""The pace before and after each policy event: dots with margins, and whether both can be told apart."""

from dataclasses import replace
from datetime import date
from functools import partial

import polars as pl

from dashboards.charts.difference_dots import Comparison, Comparisons, Pace, draw_comparisons
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.pace_charts import SLOTS, list_policy_events, make_table
from dashboards.i18n.translations import Words
from dashboards.metrics.pace import WINDOW, PaceSide, compute_facts
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from pipelines.core.model import Kind
from pipelines.pace.rates import WEEK, PeopleRange, compare_around, find_margin


@remember
def make_before_and_after(view: View) -> Exhibit:
    """The pace before and after each policy event, with the difference and its uncertainty."""
    words, known = view.words, compute_facts(view)
    records, rows, judged = [], [], []
    groups: dict[str, list[Comparison]] = {"gross": [], "net": []}
    for event in list_policy_events(view):
        for name, side in (("gross", known.released), ("net", known.held)):
            change = compare_around(side.made, event.day, WINDOW)
            records.append(
                {
                    "organisation": known.organisation,
                    "event": event.day,
                    "counts": name,
                    "window_days": WINDOW,
                    "before_per_week": change.before.per_week()[1],
                    "after_per_week": change.after.per_week()[1],
                    "difference_per_week": _scale(change.difference),
                    "low80_per_week": _scale(change.low80),
                    "high80_per_week": _scale(change.high80),
                }
            )
            tell = pace_sentences.tell_rate if name == "gross" else pace_sentences.tell_net_rate
            told, day = pace_sentences.tell_verdict(change, words), words.short_day(event.day)
            title = words.of(event.title)
            paces = tell(change.before, words), tell(change.after, words)
            rows.append(((title, day), words(f"pace.side_{name}"), *paces, told))
            clear = False
            if change.low80 is not None and change.high80 is not None:
                clear = change.low80 * change.high80 > 0
                judged.append((event.day, clear))
            before, after = (
                _make_pace(side, people, when, words)
                for when, people in (("before", change.before), ("after", change.after))
            )
            groups[name].append(Comparison(title, day, before, after, told, clear))
    heads = tuple(words(f"pace.column_{each}") for each in ("event", "counts", "before", "after", "verdict"))
    made = make_table(view, "pace-events", pl.DataFrame(records), heads, rows, (2, 3))
    shown = [
        Comparisons(words(f"pace_events.axis_{name}"), SLOTS[side.kind], tuple(groups[name]))
        for name, side in (("gross", known.released), ("net", known.held))
        if side.newest is not None
    ]
    if not judged:
        return made
    ends = words("pace_events.rose"), words("pace_events.fell")
    draw = partial(draw_comparisons, shown, ends, words.number)
    return replace(
        made,
        title=_compose_differences(judged, words),
        subtitle=words(
            "pace_events.subtitle", organisation=view.names[known.organisation], days=words.days(WINDOW)
        ),
        brief=words("pace_events.brief", days=words.days(WINDOW)),
        figure=draw(),
        narrow=draw(PHONE),
    )


def _scale(a_day: float | None) -> float | None:
    return None if a_day is None else a_day * WEEK


def _make_pace(side: PaceSide, people: PeopleRange, when: str, words: Words) -> Pace:
    """A pace before or after an event as a mark with its margin; people who left are never below zero."""
    central = people.per_week()[1]
    if central is None:
        return Pace(words(f"pace_events.{when}", amount=words("pace.no_figures")))
    margin = find_margin(side.made, people)
    low, high = (None, None) if margin is None else (margin[0] * WEEK, margin[1] * WEEK)
    if side.kind is Kind.CUMULATIVE:
        return Pace(
            words(f"pace_events.{when}", amount=words.rate(central)),
            central, None if low is None else max(low, 0.0), high,
        )  # fmt: skip
    told = words(f"pace.net_{_name_net(central)}", amount=words.rate(abs(central)))
    return Pace(words(f"pace_events.{when}", amount=told), central, low, high)


def _name_net(fall: float) -> str:
    if round(fall, 1) == 0:
        return "same"
    return "fall" if fall > 0 else "rise"


def _compose_differences(judged: list[tuple[date, bool]], words: Words) -> str:
    """Whether any pace after a decision differs from the one before by more than chance, with the days."""
    days = words.listed(pace_sentences.tell_days(sorted({day for day, _ in judged}), words))
    clear = sum(is_clear for _, is_clear in judged)
    if not clear:
        return words("pace_events.finding_none", days=days)
    return words.plural("pace_events.finding", len(judged), told=words.number(clear), days=days)
