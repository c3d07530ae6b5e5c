"""A choice of the chart builder as keys and values of an address, and back; strict in what it reads."""

from collections.abc import Iterable, Sequence
from datetime import date

from dashboards import builder
from dashboards.builder import (
    EVENT,
    KEYS,
    MANY,
    NONE,
    OVER_TIME,
    PART,
    SHOW,
    SHOWN,
    SINCE,
    SIZE,
    SPLIT,
    START,
    UNTIL,
    WHAT,
    WHO,
    WITH,
    Choice,
    Offer,
    UnknownChoiceError,
)
from dashboards.exports.sizes import SIZES, USUAL
from dashboards.view import View
from pipelines.model import TOTAL, Kind, Measure

Said = dict[str, list[str]]


def parse(view: View, pairs: Iterable[tuple[str, str]]) -> Choice:
    """A choice from keys and values; what is not said is the usual. Raises UnknownChoiceError."""
    said: Said = {}
    for key, value in pairs:
        if key not in KEYS:
            raise UnknownChoiceError(f"{key!r} is nothing that can be chosen; there are {', '.join(KEYS)}")
        said.setdefault(key, []).append(value)
        if key not in MANY and len(said[key]) > 1:
            raise UnknownChoiceError(f"{key} can be chosen only once")
    offered = builder.measures(view)
    if not offered:
        raise UnknownChoiceError(f"{view.situation_id} has no series to draw")
    measure = Measure(_one(said, WHAT, [each.value for each in offered], offered[0].value))
    split = _one(said, SPLIT, builder.splits(view, measure), NONE)
    return _over_time(view, said, measure) if split == NONE else _divided(view, said, measure, split)


def _over_time(view: View, said: Said, measure: Measure) -> Choice:
    _refuse(said, (SHOW,), f"without {SPLIT}")
    part = _one(said, PART, builder.parts(view, measure), TOTAL)
    beside = builder.companions(view, measure, part)
    also = [Measure(each) for each in _many(said, WITH, [each.value for each in beside], [])]
    can = builder.offer(view, measure, part, also=also)
    if can is None:
        raise UnknownChoiceError(f"{view.situation_id} has no series of {measure} for {part}")
    organisations = _many(said, WHO, can.organisations, can.usual_organisations)
    can = builder.offer(view, measure, part, organisations, also) or can
    since, until = _span(said, can)
    return Choice(
        measure,
        tuple(organisations),
        tuple(_many(said, START, can.starts, can.usual_starts)),
        part,
        since,
        until,
        tuple(_many(said, EVENT, can.events, [])),
        _one(said, SIZE, list(SIZES), USUAL),
        tuple(also),
    )


def _divided(view: View, said: Said, measure: Measure, split: str) -> Choice:
    _refuse(said, OVER_TIME, f"together with {SPLIT}")
    can = builder.offer_split(view, measure, split)
    if can is None:
        raise UnknownChoiceError(f"{view.situation_id} has no figure of {split}")
    since, until = _span(said, can)
    return Choice(
        measure,
        (),
        (),
        TOTAL,
        since,
        until,
        tuple(_many(said, EVENT, can.events, [])),
        _one(said, SIZE, list(SIZES), USUAL),
        split=split,
        show=_one(said, SHOW, list(SHOWN), "both"),
    )


def _refuse(said: Said, keys: Sequence[str], how: str) -> None:
    for key in keys:
        if key in said:
            raise UnknownChoiceError(f"{key} can not be chosen {how}")


def _one(said: Said, key: str, options: Sequence[str], usual: str) -> str:
    value = said.get(key, [usual])[-1]
    if value not in options:
        raise UnknownChoiceError(_unknown(key, value, options))
    return value


def _many(said: Said, key: str, options: Sequence[str], usual: Sequence[str]) -> list[str]:
    values = [value for value in said[key] if value] if key in said else list(usual)
    for value in values:
        if value not in options:
            raise UnknownChoiceError(_unknown(key, value, options))
    return [option for option in options if option in values]


def _span(said: Said, can: Offer) -> tuple[date, date]:
    since, until = _day(said, SINCE, can, can.usual_span[0]), _day(said, UNTIL, can, can.usual_span[1])
    if since > until:
        raise UnknownChoiceError(f"{SINCE} {since} is after {UNTIL} {until}")
    return since, until


def _day(said: Said, key: str, can: Offer, usual: date) -> date:
    value = said.get(key, [usual.isoformat()])[-1]
    try:
        return min(max(date.fromisoformat(value), can.first), can.last)
    except ValueError:
        raise UnknownChoiceError(f"{key} can not be {value[:64]!r}: a day is written YYYY-MM-DD") from None


def _unknown(key: str, value: str, options: Sequence[str]) -> str:
    return f"{key} can not be {value[:64]!r}; there are {', '.join(options) or 'none'}"


def pairs(choice: Choice) -> list[tuple[str, str]]:
    """A choice as keys and values; `parse` gives it back. A list of none is the key with an empty value."""
    what = [(WHAT, choice.measure.value)]
    if choice.split != NONE:
        what += [(SPLIT, choice.split), (SHOW, choice.show)]
    else:
        what += [(WITH, each.value) for each in choice.also]
        what += _listed(WHO, choice.organisations)
        what += _listed(START, choice.starts) if choice.measure.kind is Kind.CUMULATIVE else []
        what += [(PART, choice.part)]
    return [
        *what,
        (SINCE, choice.since.isoformat()),
        (UNTIL, choice.until.isoformat()),
        *_listed(EVENT, choice.events),
        (SIZE, choice.size),
    ]


def _listed(key: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(key, value) for value in values] or [(key, "")]
