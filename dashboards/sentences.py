"""The sentence to quote for a figure: who, what, when, how many as hedged as it was stated, and through whom.

A row is a dict with the columns of `statements`, `claims.sql` or `named_claims.sql`. The words are those of
the view's language; a further language is one catalogue.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from dashboards import queries, telling
from dashboards.sides import in_sentence, part_label, thing
from dashboards.view import View
from dashboards.words import Words
from pipelines.model import TOTAL, Kind, Measure, Precision

# Their verb counts acts, not people: whose they are stands in brackets.
ACTS: Final = (
    Measure.AMNESTY_APPLICATIONS_TO_DATE,
    Measure.AMNESTY_GRANTED_TO_DATE,
    Measure.DEATHS_IN_CUSTODY_TO_DATE,
)
UNATTRIBUTED: Final = "unattributed"  # the organisation of a figure that its report ascribes to nobody
_UNSAID: Final[Mapping[str, Any]] = {
    "contradicted": False,
    "revision": 0,
    "corrected": False,
    "standing": "stands",
    "withheld": False,
    "derived": False,
}  # what a query that does not ask of it leaves out


def quote(view: View, row: Mapping[str, Any]) -> str:
    """One sentence that stays true alone. Of a figure that is withheld it says so, without a number.

    `row["derived"]` marks a number that was computed here, not published.
    """
    row = {**_UNSAID, **row}
    return view.words("quote.full", sentence=statement(view, row), notes="; ".join(_notes(view, row)))


def statement(view: View, row: Mapping[str, Any]) -> str:
    """The sentence without its source and marks, and without its full stop."""
    words = view.words
    organisation = speaker(view, row["organisation"])
    if row.get("derived"):
        organisation = words("quote.derived_from", organisation=organisation)
    if row["value"] is None and row.get("fewer_than") is None:
        what = in_sentence(thing(view, row["measure"], row["population"], row["breakdown"]))
        return words("quote.withheld", organisation=organisation, what=what, when=when(view, row))
    return words.plural(
        f"quote.{row['measure']}",
        _most(row),
        organisation=organisation,
        people=people(view, row),
        when=when(view, row),
    )


def when(view: View, row: Mapping[str, Any]) -> str:
    """The moment, or the window that the figure covers, with its preposition: desde el … hasta el …"""
    words = view.words
    day = telling.moment(row, words)
    fine = "month" if row["as_of_precision"] == Precision.MONTH else "day"
    start = row["period_start"]
    within_a_day = row["kind"] == Kind.FLOW and start is not None and start == row["as_of"]
    if row["kind"] not in (Kind.FLOW, Kind.CUMULATIVE) or within_a_day:
        return words(f"when.{fine}", day=day)
    if start is None:
        return words(f"when.unknown_{fine}", day=day)
    basis = "previous_bulletin" if row["window_basis"] == "previous_bulletin" else "stated"
    return words(f"when.{basis}_{fine}", start=words.day(start), day=day)


def speaker(view: View, organisation: str) -> str:
    """Who says it; a source that a report does not name is told as that, and has no name of its own."""
    if organisation == UNATTRIBUTED:
        return view.words("quote.unattributed")
    return view.names.get(organisation, organisation)


def people(view: View, row: Mapping[str, Any]) -> str:
    """The figure with whom it counts: 47 personas detenidas por motivos políticos (mujeres).

    Whose they are stands in brackets where it cannot follow the number: after acts, after one person (the
    population's words are plural), and where its words hold a comma.
    """
    words, situation = view.words, view.situation
    hidden = row["value"] is None and row.get("fewer_than") is None
    amount = words("doubts.withheld") if hidden else _amount(row, words)
    named = situation.populations.get(row["population"])
    population = words.of(named) if named is not None else row["population"]
    parts = [] if row["breakdown"] == TOTAL else [part_label(view, row["breakdown"])]
    if row["kind"] == Kind.STOCK and row["period_start"] is not None:
        parts.append(words("quote.counted_since", day=words.day(row["period_start"])))
    if row["measure"] in ACTS or hidden:
        return _bracketed(amount, [population, *parts])
    if _most(row) == 1 or "," in population:
        return _bracketed(words.plural("amount.people", _most(row), amount=amount), [population, *parts])
    return _bracketed(f"{amount} {population}", parts)


def _amount(row: Mapping[str, Any], words: Words) -> str:
    """The figure as hedged as it was stated; of a small group, only that it is one."""
    if row["value"] is None:
        return words.plural("parts.fewer_than", row["fewer_than"])
    return telling.figure(row, words)


def _most(row: Mapping[str, Any]) -> int:
    """The number that decides between one and many."""
    most: int = row["value_high"] or row["value"] or row.get("fewer_than") or 0
    return most


def _bracketed(text: str, inside: list[str]) -> str:
    return f"{text} ({'; '.join(inside)})" if inside else text


def _notes(view: View, row: Mapping[str, Any]) -> list[str]:
    """Who published it and when, then every mark that a reader must know."""
    words = view.words
    publisher = view.publisher(row["publisher"])
    notes = [words("quote.published", day=words.day(row["published"]), publisher=publisher)]
    if row["derived"]:
        notes[0] = words("quote.derived")
    graded = row["standing"] != "outranked"
    notes += telling.marks(row, words, provenance=graded, reading=view.known_on is None)
    if row["window_basis"] == "previous_bulletin":
        notes.append(words("quote.window_inferred"))
    if row["standing"] != "stands":
        notes.append(telling.standing(row, words))
    if view.known_on is not None:
        notes.append(words("quote.known_on", day=words.day(view.known_on)))
    return notes


def source_line(view: View, frame: pl.DataFrame) -> str:
    """Who said it, through whom, up to when, and which build was read."""
    words, names = view.words, view.names
    newest = queries.last_day(frame) if frame.height else None
    if newest is None:
        return words("source.none", build=view.build.id)
    organisations = [names[each] for each in frame["organisation"].unique(maintain_order=True)]
    line = words.plural(
        "source.line",
        frame["publisher"].n_unique(),
        organisations=words.listed(organisations),
        as_of=words.day(newest),
        build=view.build.id,
    )
    if view.known_on is None:
        return line
    return f"{line} {words('known.source', day=words.day(view.known_on))}"
