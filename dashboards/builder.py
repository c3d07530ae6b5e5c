"""The chart builder without its page: what a choice is, and what can be chosen.

A choice is either one measure, or several that may share an axis (AXES), with the organisations and starts to
draw and one part of the population; or one measure as one organisation divides it. To both belong a range of
days, the events to mark and the size of the picture. `builder_address.py` reads
and writes it, `builder_charts.py` makes its exhibit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from dashboards import breakdowns, choices, queries
from dashboards.view import View
from pipelines.model import TOTAL, Kind, Measure

DRAWN: Final = (Kind.STOCK, Kind.CUMULATIVE)  # kinds that a line over time can show
# Steps of the one ladder from prison to full freedom, of one kind: all that may share an axis.
AXES: Final = (
    (Measure.IN_CUSTODY, Measure.UNDER_MEASURES),
    (Measure.RELEASED_TO_DATE, Measure.FULL_FREEDOM_TO_DATE),
)
NONE: Final = "none"  # no division into parts
SHOWN: Final = {"both": ("value", "share"), "counts": ("value",), "shares": ("share",)}
WHAT, WITH, SPLIT, SHOW, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE = (
    "what", "with", "split", "show", "who", "start", "part", "since", "until", "event", "size",
)  # fmt: skip
OVER_TIME: Final = (WITH, WHO, START, PART)  # keys that a division has no use for
MANY: Final = frozenset({WITH, WHO, START, EVENT})  # keys that may be given more than once
KEYS: Final = (WHAT, WITH, SPLIT, SHOW, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE)


class UnknownChoiceError(ValueError):
    """A choice names something that is not here; the message says which key, what it was, what there is."""


@dataclass(frozen=True)
class Choice:
    """One state of the builder; hashable."""

    measure: Measure
    organisations: tuple[str, ...]
    starts: tuple[str, ...]  # as `choices.baselines` names them; empty for a stock
    part: str
    since: date
    until: date
    events: tuple[str, ...]
    size: str
    also: tuple[Measure, ...] = ()  # on the axis of the measure
    split: str = NONE  # or an organisation and a key, and then no organisations, starts or part
    show: str = "both"  # of a division: a key of SHOWN


@dataclass(frozen=True)
class Offer:
    """What can be chosen once the measures, the part and the organisations are, and the usual choice."""

    organisations: list[str]
    usual_organisations: list[str]
    starts: list[str]
    usual_starts: list[str]
    first: date
    last: date
    usual_span: tuple[date, date]
    events: list[str]


def measures(view: View) -> list[Measure]:
    """Stocks and running totals that the situation has totals of, in the order of the design."""
    found = [measure for measure in Measure if measure.kind in DRAWN]
    return [measure for measure in found if not choices.heads_of(view, (measure,)).is_empty()]


def companions(view: View, measure: Measure, part: str = TOTAL) -> list[Measure]:
    """What may stand on a measure's axis beside it: other steps of its ladder, as totals."""
    if part != TOTAL:
        return []
    axis = next((axis for axis in AXES if measure in axis), ())
    return [each for each in measures(view) if each in axis and each is not measure]


def splits(view: View, measure: Measure) -> list[str]:
    """NONE, then the divisions of a measure: an organisation and a key, those with most figures first."""
    named = [choice.split(" ") for choice in breakdowns.choices(view)]
    return [NONE, *(f"{organisation} {key}" for organisation, of, key in named if of == measure)]


def division(measure: Measure, split: str) -> str:
    """A division as `breakdowns.choices` names it."""
    organisation, key = split.split(" ")
    return f"{organisation} {measure} {key}"


def parts(view: View, measure: Measure) -> list[str]:
    """The whole first, then the parts that somebody has published more than one figure of."""
    found = queries.ask(
        view.build,
        "builder_parts",
        situation=view.situation_id,
        measure=measure.value,
        population=view.population(measure),
    )
    return [TOTAL, *found["breakdown"]]


@lru_cache(maxsize=128)
def heads(view: View, drawn: tuple[Measure, ...], part: str) -> pl.DataFrame:
    """One row a series: organisation, measure, kind, population, baseline, points, first, last."""
    if part == TOTAL:
        return choices.heads_of(view, drawn)
    found = points(view, drawn, tuple(view.names), part)
    return (
        found.group_by("organisation", "measure", "kind", "population", "baseline", maintain_order=True)
        .agg(points=pl.len(), first=pl.col("as_of").min(), last=pl.col("as_of").max())
        .sort("organisation", "baseline", nulls_last=True)
    )


def points(view: View, drawn: Sequence[Measure], organisations: tuple[str, ...], part: str) -> pl.DataFrame:
    """What stands for each moment; a value that our own tables withhold is not among it."""
    return _asked(queries.series, view, drawn, organisations, part)


def in_doubt(view: View, drawn: Sequence[Measure], organisations: tuple[str, ...], part: str) -> pl.DataFrame:
    """What is in doubt beside that."""
    return _asked(queries.in_doubt, view, drawn, organisations, part)


def _asked(
    question: Callable[..., pl.DataFrame],
    view: View,
    drawn: Sequence[Measure],
    organisations: tuple[str, ...],
    part: str,
) -> pl.DataFrame:
    return pl.concat(
        question(
            view.build,
            view.situation_id,
            measure,
            organisations,
            view.population(measure),
            part,
            known_on=view.known_on,
        )
        for measure in drawn
    )


def offer(
    view: View,
    measure: Measure,
    part: str,
    organisations: Sequence[str] | None = None,
    also: Sequence[Measure] = (),
) -> Offer | None:
    """What can be chosen; None where there is no series. `organisations` None takes the usual ones."""
    found = heads(view, (measure, *also), part)
    if found.is_empty():
        return None
    primary = view.situation.primary_organisation
    usual = choices.default_organisations(heads(view, (measure,), part), primary)
    chosen, every = usual if organisations is None else organisations, choices.organisations(found, primary)
    first, last, span = choices.days(view, found)
    starts = choices.baselines(found, every)
    near = {
        start
        for each in (measure, *also)
        for start in choices.default_baselines(heads(view, (each,), part), chosen, view.situation)
    }
    return Offer(
        organisations=every,
        usual_organisations=usual,
        starts=starts,
        usual_starts=[start for start in starts if start in near],
        first=first,
        last=last,
        usual_span=span,
        events=choices.event_kinds(view),
    )


def offer_split(view: View, measure: Measure, split: str) -> Offer | None:
    """What can be chosen of a division: days and events; None where it has no figure."""
    days = breakdowns.days(view, division(measure, split))
    if days is None:
        return None
    first, newest = days
    return Offer([], [], [], [], first, max(view.today, newest), (first, newest), choices.event_kinds(view))
