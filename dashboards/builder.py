"""The chart builder without its page: what can be chosen, a choice read from an address, and its exhibit.

A choice is one measure (a stock or a running total, which share no axis), the organisations and starts to
draw, one part of the population, a range of days, the events to mark and the size of the picture. It is
written as pairs of ids, the same in every language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from dashboards import choices, exhibits, queries, sides
from dashboards.exhibits import Exhibit
from dashboards.exports.sizes import SIZES, USUAL
from dashboards.view import View
from pipelines.model import TOTAL, Kind, Measure

DRAWN: Final = (Kind.STOCK, Kind.CUMULATIVE)  # kinds that a line over time can show
WHAT, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE = (
    "what", "who", "start", "part", "since", "until", "event", "size",
)  # fmt: skip
MANY: Final = frozenset({WHO, START, EVENT})  # keys that may be given more than once
KEYS: Final = (WHAT, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE)


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


@dataclass(frozen=True)
class Offer:
    """What can be chosen once the measure, the part and the organisations are, and the usual choice."""

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
def heads(view: View, measure: Measure, part: str) -> pl.DataFrame:
    """One row a series: organisation, measure, kind, population, baseline, points, first, last."""
    if part == TOTAL:
        return choices.heads_of(view, (measure,))
    points = _points(view, measure, tuple(view.names), part)
    return (
        points.group_by("organisation", "measure", "kind", "population", "baseline", maintain_order=True)
        .agg(points=pl.len(), first=pl.col("as_of").min(), last=pl.col("as_of").max())
        .sort("organisation", "baseline", nulls_last=True)
    )


def offer(
    view: View, measure: Measure, part: str, organisations: Sequence[str] | None = None
) -> Offer | None:
    """What can be chosen; None where there is no series. `organisations` None takes the usual ones."""
    found = heads(view, measure, part)
    if found.is_empty():
        return None
    primary = view.situation.primary_organisation
    usual = choices.default_organisations(found, primary)
    chosen, every = usual if organisations is None else organisations, choices.organisations(found, primary)
    first, last, span = choices.days(view, found)
    return Offer(
        organisations=every,
        usual_organisations=usual,
        starts=choices.baselines(found, every),
        usual_starts=choices.default_baselines(found, chosen, view.situation),
        first=first,
        last=last,
        usual_span=span,
        events=choices.event_kinds(view),
    )


def parse(view: View, pairs: Iterable[tuple[str, str]]) -> Choice:
    """A choice from keys and values; what is not said is the usual. Raises UnknownChoiceError."""
    said: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in KEYS:
            raise UnknownChoiceError(f"{key!r} is nothing that can be chosen; there are {', '.join(KEYS)}")
        said.setdefault(key, []).append(value)
    offered = measures(view)
    if not offered:
        raise UnknownChoiceError(f"{view.situation_id} has no series to draw")
    measure = Measure(_one(said, WHAT, [each.value for each in offered], offered[0].value))
    part = _one(said, PART, parts(view, measure), TOTAL)
    can = offer(view, measure, part)
    if can is None:
        raise UnknownChoiceError(f"{view.situation_id} has no series of {measure} for {part}")
    organisations = _many(said, WHO, can.organisations, can.usual_organisations)
    can = offer(view, measure, part, organisations) or can
    since = _day(said, SINCE, can, can.usual_span[0])
    until = _day(said, UNTIL, can, can.usual_span[1])
    if since > until:
        raise UnknownChoiceError(f"{SINCE} {since} is after {UNTIL} {until}")
    return Choice(
        measure,
        tuple(organisations),
        tuple(_many(said, START, can.starts, can.usual_starts)),
        part,
        since,
        until,
        tuple(_many(said, EVENT, can.events, [])),
        _one(said, SIZE, list(SIZES), USUAL),
    )


def _one(said: dict[str, list[str]], key: str, options: Sequence[str], usual: str) -> str:
    value = said.get(key, [usual])[-1]
    if value not in options:
        raise UnknownChoiceError(_unknown(key, value, options))
    return value


def _many(said: dict[str, list[str]], key: str, options: Sequence[str], usual: Sequence[str]) -> list[str]:
    values = [value for value in said[key] if value] if key in said else list(usual)
    for value in values:
        if value not in options:
            raise UnknownChoiceError(_unknown(key, value, options))
    return [option for option in options if option in values]


def _day(said: dict[str, list[str]], key: str, can: Offer, usual: date) -> date:
    value = said.get(key, [usual.isoformat()])[-1]
    try:
        return min(max(date.fromisoformat(value), can.first), can.last)
    except ValueError:
        raise UnknownChoiceError(f"{key} can not be {value[:64]!r}: a day is written YYYY-MM-DD") from None


def _unknown(key: str, value: str, options: Sequence[str]) -> str:
    return f"{key} can not be {value[:64]!r}; there are {', '.join(options) or 'none'}"


def pairs(choice: Choice) -> list[tuple[str, str]]:
    """A choice as keys and values; `parse` gives it back. A list of none is the key with an empty value."""
    return [
        (WHAT, choice.measure.value),
        *_listed(WHO, choice.organisations),
        *(_listed(START, choice.starts) if choice.measure.kind is Kind.CUMULATIVE else []),
        (PART, choice.part),
        (SINCE, choice.since.isoformat()),
        (UNTIL, choice.until.isoformat()),
        *_listed(EVENT, choice.events),
        (SIZE, choice.size),
    ]


def _listed(key: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(key, value) for value in values] or [(key, "")]


@lru_cache(maxsize=256)
def exhibit(view: View, choice: Choice) -> Exhibit:
    """The chart of a choice. Where the choice leaves no figure it says so."""
    words, measure = view.words, choice.measure
    points = _points(view, measure, choice.organisations, choice.part)
    if measure.kind is Kind.CUMULATIVE:
        days = [choices.baseline_day(start) for start in choice.starts]
        points = points.filter(
            pl.any_horizontal(
                [pl.lit(False), *(pl.col("baseline").eq_missing(pl.lit(day, dtype=pl.Date)) for day in days)]
            )
        )
    title, span = words(f"measure.{measure}"), (choice.since, choice.until)
    if choice.part == TOTAL:
        return exhibits.over_time(view, f"chart-{measure}", title, [(title, points)], span, choice.events)
    part = sides.part_label(view, choice.part)
    title = words("builder.title_part", measure=title, part=part)
    drawn = exhibits.over_time(view, f"chart-{measure}-part", title, [(title, points)], span, choice.events)
    return replace(drawn, summary=words("builder.summary_part", part=part, summary=drawn.summary))


def _points(view: View, measure: Measure, organisations: tuple[str, ...], part: str) -> pl.DataFrame:
    """What stands for each moment; a value that our own tables withhold is not among it."""
    population = view.population(measure)
    return queries.series(
        view.build, view.situation_id, measure, organisations, population, part, known_on=view.known_on
    )
