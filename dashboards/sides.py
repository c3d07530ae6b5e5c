"""What pages say of the figures that a mart names: who, when, what, how hedged, and where it comes from."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from dashboards import queries, telling
from dashboards.markup import Cell, Link
from dashboards.view import View, claim_address

SHOWN: Final = 20  # rows of a list on a page; the CSV holds all
CLAIM_COLUMNS: Final = ("figure", "who", "what", "as_of", "published", "source")


def thing(view: View, measure: str, population: str, breakdown: str) -> str:
    """What is counted: the measure, then the part and the people where they are not the usual ones."""
    words, situation = view.words, view.situation
    parts = [words(f"measure.{measure}")]
    if breakdown != "total":
        parts.append(part_label(view, breakdown))
    if population != situation.default_population and population in situation.populations:
        parts.append(words.of(situation.populations[population]))
    return ", ".join(parts)


def with_window(view: View, claim: dict[str, Any]) -> str:
    """What a claim counts, and since when where it is counted since a day."""
    what = thing(view, claim["measure"], claim["population"], claim["breakdown"])
    window = telling.window(claim, view.words)
    return f"{what}, {window}" if window else what


def part_label(view: View, breakdown: str) -> str:
    """A part in words; a key alone (`sex`) is the split by it."""
    words = view.words
    labels = view.situation.breakdown_labels
    return ", ".join(
        words.breakdown(part, labels) if "=" in part else words(f"breakdown_key.{part}")
        for part in breakdown.split(";")
    )


def in_sentence(text: str) -> str:
    """A label within a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def claims_of(view: View, ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    """Claims by id (columns of `named_claims.sql`)."""
    wanted = tuple(sorted({each for each in ids if each}))
    if not wanted:
        return {}
    frame = queries.named_claims(view.build, view.situation_id, wanted)
    return {row["claim_id"]: row for row in frame.to_dicts()}


def figure(view: View, claim: dict[str, Any]) -> str:
    """The claim's figure as hedged as it was stated; a small cell stays withheld."""
    if claim["withheld"]:
        return view.words("doubts.withheld")
    return telling.figure(claim, view.words)


def claim_cells(view: View, claim: dict[str, Any]) -> tuple[Cell, ...]:
    """One claim as a row under CLAIM_COLUMNS."""
    words = view.words
    what = thing(view, claim["measure"], claim["population"], claim["breakdown"])
    window = telling.window(claim, words)
    return (
        Link(figure(view, claim), claim_address(view, claim["claim_id"]), outside=False),
        view.names[claim["organisation"]],
        [what, window] if window else what,
        telling.short_moment(claim, words),
        words.short_day(claim["published"]),
        Link(view.publisher(claim["publisher"]), claim["url"]),
    )


def frame_of(claims: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Claims as the frame that a source line is made of."""
    columns = ("organisation", "publisher", "as_of")
    return pl.DataFrame([{name: claim[name] for name in columns} for claim in claims.values()])


def between(view: View, low: int | None, high: int | None) -> str:
    """A number known by its bounds, one of which may be open."""
    words = view.words
    if low is not None and high is not None:
        if low == high:
            return words.number(low)
        return words("qualifier.range", low=words.number(low), high=words.number(high))
    if low is not None:
        return words("qualifier.at_least", value=words.number(low))
    return words("no_data") if high is None else words("qualifier.at_most", value=words.number(high))


def more_or_fewer(view: View, low: int | None, high: int | None) -> str:
    """A change known by its bounds: 34 más, al menos 5 menos; its direction only where it is certain."""
    words = view.words
    if low == high == 0:
        return words("amount.same")
    if (low, high) in ((0, None), (None, 0)):
        return words("amount.unknown")
    if low is not None and low >= 0:
        return words("amount.more", amount=between(view, low, high))
    if high is not None and high <= 0:
        return words("amount.fewer", amount=between(view, -high, None if low is None else -low))
    return words("amount.unknown")
