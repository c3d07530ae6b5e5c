"""A reader's own chart: what can be chosen, the choice as an address and back, and its exhibit.

A choice is either one measure, or several that may share an axis (AXES), with the organisations and starts to
draw and one part of the population; or one measure as one organisation divides it. To both belong a range of
days, the events to mark and the size of the picture.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from dashboards.charts.theme import SIZES, USUAL
from dashboards.exhibits import breakdowns, default_choices, figures_over_time, parts_chart
from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.figures_over_time import PanelFigures
from dashboards.queries import database, series
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import labels
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import TOTAL, Kind, Measure

DRAWN: Final = (Kind.STOCK, Kind.CUMULATIVE)  # kinds that a line over time can show
# Steps of the one ladder from prison to full freedom, of one kind: all that may share an axis.
AXES: Final = (
    (Measure.IN_CUSTODY, Measure.UNDER_MEASURES),
    (Measure.RELEASED_TO_DATE, Measure.FULL_FREEDOM_TO_DATE),
)
NONE: Final = "none"  # no division into parts
SHOWN: Final = {"both": ("value", "share"), "counts": ("value",), "shares": ("share",)}
FIGURES: Final = ("exact", "all")  # of one series: exact ones, or bounds and what is in doubt too
WHAT, WITH, SPLIT, SHOW, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE, WHICH = (
    "what", "with", "split", "show", "who", "start", "part", "since", "until", "event", "size", "figures",
)  # fmt: skip
OVER_TIME: Final = (WITH, WHO, START, PART, WHICH)  # keys that a division has no use for
MANY: Final = frozenset({WITH, WHO, START, EVENT})  # keys that may be given more than once
KEYS: Final = (WHAT, WITH, SPLIT, SHOW, WHO, START, PART, SINCE, UNTIL, EVENT, SIZE, WHICH)


class UnknownChoiceError(ValueError):
    """A choice names something that is not here; the message says which key, what it was, what there is."""


@dataclass(frozen=True)
class Choice:
    """One state of the builder; hashable."""

    measure: Measure
    organisations: tuple[str, ...]
    starts: tuple[str, ...]  # as `default_choices.list_baselines` names them; empty for a stock
    part: str
    since: date
    until: date
    events: tuple[str, ...]
    size: str
    also: tuple[Measure, ...] = ()  # on the axis of the measure
    split: str = NONE  # or an organisation and a key, and then no organisations, starts or part
    show: str = "both"  # of a division: a key of SHOWN
    figures: str = "exact"  # one of FIGURES


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


def list_measures(view: View) -> list[Measure]:
    """Stocks and running totals that the situation has totals of, in the order of the design."""
    found = [measure for measure in Measure if measure.kind in DRAWN]
    return [measure for measure in found if not default_choices.select_heads(view, (measure,)).is_empty()]


def list_companions(view: View, measure: Measure, part: str = TOTAL) -> list[Measure]:
    """What may stand on a measure's axis beside it: other steps of its ladder, as totals."""
    if part != TOTAL:
        return []
    axis = next((axis for axis in AXES if measure in axis), ())
    return [each for each in list_measures(view) if each in axis and each is not measure]


def list_splits(view: View, measure: Measure) -> list[str]:
    """NONE, then the divisions of a measure: an organisation and a key, those with most figures first."""
    named = [choice.split(" ") for choice in breakdowns.list_divisions(view)]
    return [NONE, *(f"{organisation} {key}" for organisation, of, key in named if of == measure)]


def make_division_key(measure: Measure, split: str) -> str:
    """A division as `breakdowns.list_choices` names it."""
    organisation, key = split.split(" ")
    return f"{organisation} {measure} {key}"


def list_parts(view: View, measure: Measure) -> list[str]:
    """The whole first, then the parts that somebody has published more than one figure of."""
    found = database.ask(
        view.build,
        "custom_chart_parts",
        situation=view.situation_id,
        measure=measure.value,
        population=view.population(measure),
    )
    return [TOTAL, *found["breakdown"]]


@remember_asked
def select_heads(view: View, drawn: tuple[Measure, ...], part: str) -> pl.DataFrame:
    """One row a series: organisation, measure, kind, population, baseline, points, first, last."""
    if part == TOTAL:
        return default_choices.select_heads(view, drawn)
    found = read_points(view, drawn, tuple(view.names), part)
    return (
        found.group_by("organisation", "measure", "kind", "population", "baseline", maintain_order=True)
        .agg(points=pl.len(), first=pl.col("as_of").min(), last=pl.col("as_of").max())
        .sort("organisation", "baseline", nulls_last=True)
    )


def read_points(
    view: View, drawn: Sequence[Measure], organisations: tuple[str, ...], part: str
) -> pl.DataFrame:
    """What stands for each moment; a value that our own tables withhold is not among it."""
    return _ask_each(series.read_series, view, drawn, organisations, part)


def read_doubts(
    view: View, drawn: Sequence[Measure], organisations: tuple[str, ...], part: str
) -> pl.DataFrame:
    """What is in doubt beside that."""
    return _ask_each(series.read_doubts, view, drawn, organisations, part)


def _ask_each(
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


def find_offer(
    view: View,
    measure: Measure,
    part: str,
    organisations: Sequence[str] | None = None,
    also: Sequence[Measure] = (),
) -> Offer | None:
    """What can be chosen; None where there is no series. `organisations` None takes the usual ones."""
    found = select_heads(view, (measure, *also), part)
    if found.is_empty():
        return None
    primary = view.situation.primary_organisation
    usual = default_choices.choose_organisations(select_heads(view, (measure,), part), primary)
    chosen, every = (
        usual if organisations is None else organisations,
        default_choices.list_organisations(found, primary),
    )
    first, last, span = default_choices.choose_days(view, found)
    starts = default_choices.list_baselines(found, every)
    near = {
        start
        for each in (measure, *also)
        for start in default_choices.choose_baselines(
            select_heads(view, (each,), part), chosen, view.situation
        )
    }
    return Offer(
        organisations=every,
        usual_organisations=usual,
        starts=starts,
        usual_starts=[start for start in starts if start in near],
        first=first,
        last=last,
        usual_span=span,
        events=default_choices.list_event_kinds(view),
    )


def find_split_offer(view: View, measure: Measure, split: str) -> Offer | None:
    """What can be chosen of a division: days and events; None where it has no figure."""
    days = breakdowns.find_span(view, make_division_key(measure, split))
    if days is None:
        return None
    first, newest = days
    events = default_choices.list_event_kinds(view)
    return Offer([], [], [], [], first, max(view.today, newest), (first, newest), events)


StatedChoices = dict[str, list[str]]


def parse_choice(view: View, pairs: Iterable[tuple[str, str]]) -> Choice:
    """A choice from keys and values; what is not said is the usual. Raises UnknownChoiceError."""
    said: StatedChoices = {}
    for key, value in pairs:
        if key not in KEYS:
            raise UnknownChoiceError(f"{key!r} is nothing that can be chosen; there are {', '.join(KEYS)}")
        said.setdefault(key, []).append(value)
        if key not in MANY and len(said[key]) > 1:
            raise UnknownChoiceError(f"{key} can be chosen only once")
    offered = list_measures(view)
    if not offered:
        raise UnknownChoiceError(f"{view.situation_id} has no series to draw")
    measure = Measure(_parse_one(said, WHAT, [each.value for each in offered], offered[0].value))
    split = _parse_one(said, SPLIT, list_splits(view, measure), NONE)
    return (
        _parse_over_time(view, said, measure) if split == NONE else _parse_divided(view, said, measure, split)
    )


def _parse_over_time(view: View, said: StatedChoices, measure: Measure) -> Choice:
    _refuse_keys(said, (SHOW,), f"without {SPLIT}")
    part = _parse_one(said, PART, list_parts(view, measure), TOTAL)
    beside = list_companions(view, measure, part)
    also = [Measure(each) for each in _parse_many(said, WITH, [each.value for each in beside], [])]
    can = find_offer(view, measure, part, also=also)
    if can is None:
        raise UnknownChoiceError(f"{view.situation_id} has no series of {measure} for {part}")
    organisations = _parse_many(said, WHO, can.organisations, can.usual_organisations)
    can = find_offer(view, measure, part, organisations, also) or can
    since, until = _parse_span(said, can)
    return Choice(
        measure,
        tuple(organisations),
        tuple(_parse_many(said, START, can.starts, can.usual_starts)),
        part,
        since,
        until,
        tuple(_parse_many(said, EVENT, can.events, [])),
        _parse_one(said, SIZE, list(SIZES), USUAL),
        tuple(also),
        figures=_parse_one(said, WHICH, FIGURES, FIGURES[0]),
    )


def _parse_divided(view: View, said: StatedChoices, measure: Measure, split: str) -> Choice:
    _refuse_keys(said, OVER_TIME, f"together with {SPLIT}")
    can = find_split_offer(view, measure, split)
    if can is None:
        raise UnknownChoiceError(f"{view.situation_id} has no figure of {split}")
    since, until = _parse_span(said, can)
    return Choice(
        measure,
        (),
        (),
        TOTAL,
        since,
        until,
        tuple(_parse_many(said, EVENT, can.events, [])),
        _parse_one(said, SIZE, list(SIZES), USUAL),
        split=split,
        show=_parse_one(said, SHOW, list(SHOWN), "both"),
    )


def _refuse_keys(said: StatedChoices, keys: Sequence[str], how: str) -> None:
    for key in keys:
        if key in said:
            raise UnknownChoiceError(f"{key} can not be chosen {how}")


def _parse_one(said: StatedChoices, key: str, options: Sequence[str], usual: str) -> str:
    value = said.get(key, [usual])[-1]
    if value not in options:
        raise UnknownChoiceError(_explain_unknown(key, value, options))
    return value


def _parse_many(said: StatedChoices, key: str, options: Sequence[str], usual: Sequence[str]) -> list[str]:
    values = [value for value in said[key] if value] if key in said else list(usual)
    for value in values:
        if value not in options:
            raise UnknownChoiceError(_explain_unknown(key, value, options))
    return [option for option in options if option in values]


def _parse_span(said: StatedChoices, can: Offer) -> tuple[date, date]:
    since, until = (
        _parse_day(said, SINCE, can, can.usual_span[0]),
        _parse_day(said, UNTIL, can, can.usual_span[1]),
    )
    if since > until:
        raise UnknownChoiceError(f"{SINCE} {since} is after {UNTIL} {until}")
    return since, until


def _parse_day(said: StatedChoices, key: str, can: Offer, usual: date) -> date:
    value = said.get(key, [usual.isoformat()])[-1]
    try:
        return min(max(date.fromisoformat(value), can.first), can.last)
    except ValueError:
        raise UnknownChoiceError(f"{key} can not be {value[:64]!r}: a day is written YYYY-MM-DD") from None


def _explain_unknown(key: str, value: str, options: Sequence[str]) -> str:
    return f"{key} can not be {value[:64]!r}; there are {', '.join(options) or 'none'}"


def make_pairs(choice: Choice) -> list[tuple[str, str]]:
    """A choice as keys and values; `parse` gives it back. A list of none is the key with an empty value."""
    what = [(WHAT, choice.measure.value)]
    if choice.split != NONE:
        what += [(SPLIT, choice.split), (SHOW, choice.show)]
    else:
        what += [(WITH, each.value) for each in choice.also]
        what += _pair_values(WHO, choice.organisations)
        what += _pair_values(START, choice.starts) if choice.measure.kind is Kind.CUMULATIVE else []
        what += [(PART, choice.part), (WHICH, choice.figures)]
    return [
        *what,
        (SINCE, choice.since.isoformat()),
        (UNTIL, choice.until.isoformat()),
        *_pair_values(EVENT, choice.events),
        (SIZE, choice.size),
    ]


def _pair_values(key: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(key, value) for value in values] or [(key, "")]


@remember_asked
def make_custom_chart(view: View, choice: Choice) -> Exhibit:
    """The chart of a choice. Where the choice leaves no figure it says so."""
    return _make_over_time(view, choice) if choice.split == NONE else _make_divided(view, choice)


def _make_over_time(view: View, choice: Choice) -> Exhibit:
    words, measure = view.words, choice.measure
    of = (view, (measure, *choice.also), choice.organisations, choice.part)
    points, in_doubt = read_points(*of), read_doubts(*of)
    if measure.kind is Kind.CUMULATIVE:
        days = [labels.parse_baseline(start) for start in choice.starts]
        points, in_doubt = (
            figures_over_time.select_baselines(points, days),
            figures_over_time.select_baselines(in_doubt, days),
        )
    title, span = words(f"measure.{measure}"), (choice.since, choice.until)
    how = span, choice.events, False, choice.figures == "all"
    drawn_too = set(points.filter(pl.col("as_of").is_between(*span))["measure"])
    others = [words(f"measure.{each}") for each in choice.also if each.value in drawn_too]
    title = words.listed([title, *map(labels.lower_first, others)])
    name = f"chart-{measure}"
    if choice.part == TOTAL:
        panels = [PanelFigures(title, points, in_doubt)]
        drawn = figures_over_time.make_over_time(view, name, title, panels, *how)
        if not others or drawn.figure is None:
            return drawn
        return replace(drawn, key=(*drawn.key, words("builder.with_note")))
    part = labels.name_part(view, choice.part)
    title = words("builder.title_part", measure=title, part=part)
    panels = [PanelFigures(title, points, in_doubt)]
    drawn = figures_over_time.make_over_time(view, f"{name}-part", title, panels, *how)
    return replace(drawn, summary=words("builder.summary_part", part=part, summary=drawn.summary))


def _make_divided(view: View, choice: Choice) -> Exhibit:
    named = make_division_key(choice.measure, choice.split)
    panels = SHOWN[choice.show]
    drawn = parts_chart.make_parts_over_time(view, named, (choice.since, choice.until), choice.events, panels)
    name = f"{view.situation_id}-chart-{choice.measure}-divided"
    if drawn is not None:
        return replace(drawn, name=name)
    words = view.words
    source = compose_source(view, pl.DataFrame())
    return Exhibit(name, words(f"measure.{choice.measure}"), words("builder.split_empty"), source)
