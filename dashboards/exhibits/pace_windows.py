"""The table of a pace over several windows of time, and what the tables of a pace have in common."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.pace_against import find_against, list_other_rates
from dashboards.i18n.rich_text import Cell
from dashboards.i18n.translations import Words
from dashboards.metrics.headline import find_headlines
from dashboards.metrics.pace import WINDOW, WINDOWS, PaceFacts, PaceSide, compute_facts
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind
from pipelines.pace.rates import PeopleRange

NEARLY_ALL: Final = 0.9  # of the days, from which on a pace is that of all of them


def read_points(view: View, kind: Kind) -> pl.DataFrame:
    """The statements of the primary organisation behind a side."""
    found = find_headlines(view)
    points = (found.left if kind is Kind.CUMULATIVE else found.held).line
    return points.filter(pl.col("as_of") <= view.today, pl.col("published") <= view.today)


@remember
def make_windows(view: View) -> Exhibit:
    """Gross releases, new detentions and the net change over the last days, each up to its newest figure."""
    words, known, others = view.words, compute_facts(view), list_other_rates(find_against(view))
    records, rows = [], []
    for name, side in _list_sides(known):
        if side.newest is None:
            missing = words("pace.none_gross" if name == "gross" else "pace.no_figures")
            rows.append((words(f"pace.side_{name}"), "", missing, "", ""))
            continue
        against = others if name == "gross" else {}
        start = _find_start(side, view.situation.baseline)
        amounts = list(dict.fromkeys(amount for days in WINDOWS if (amount := side.over(days)) is not None))
        windows = len(amounts)
        for place, amount in enumerate(amounts if start is None else [*amounts, side.since(start)]):
            rates = zip(("low_per_week", "per_week", "high_per_week"), amount.per_week(), strict=True)
            records.append(
                {
                    "organisation": known.organisation,
                    "counts": name,
                    "until": side.newest,
                    "days": amount.days,
                    "covered_days": amount.covered,
                    **dict(rates),
                    "derived": amount.derived,
                }
            )
            rows.append(
                (
                    words(f"pace.side_{name}"),
                    words.days(amount.days) if place < windows else _tell_since(side, amount, words),
                    pace_sentences.tell_net_rate(amount, words)
                    if name == "net"
                    else pace_sentences.tell_rate_against(amount, side.newest, against, words),
                    words.short_day(side.newest),
                    words(
                        "pace.covered", covered=words.number(amount.covered), days=words.number(amount.days)
                    ),
                )
            )
    frame = pl.DataFrame(records)
    names = ("counts", "window", "per_week", "end", "covered")
    heads = tuple(words(f"pace.column_{each}") for each in names)
    made = make_table(view, "pace-windows", frame, heads, rows, (2,))
    return replace(made, title=pace_sentences.compose_last_weeks(view, others) or made.title)


def _find_start(side: PaceSide, baseline: date) -> date | None:
    """The first day from the baseline on from whose end on figures count, so that none is divided.

    Who left or was detained on the baseline counts; the number held of that day is what it is compared with.
    """
    earliest = baseline if side.kind is Kind.STOCK else baseline - timedelta(days=1)
    return min((day for day in side.counted["start"].to_list() if day >= earliest), default=None)


def _tell_since(side: PaceSide, amount: PeopleRange, words: Words) -> str:
    """Since which day, and of how many days only where figures leave out more than a few."""
    assert side.newest is not None
    lead = 0 if side.kind is Kind.STOCK else 1
    day = words.short_day(side.newest - timedelta(days=amount.days - lead))
    if amount.covered >= NEARLY_ALL * amount.days:
        return words("window.since", day=day)
    return words("pace.covered_since", days=words.days(amount.covered), day=day)


def _list_sides(known: PaceFacts) -> list[tuple[str, PaceSide]]:
    return [("gross", known.released), ("detained", known.detained), ("net", known.held)]


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
