"""The sentence to quote for a figure, the source line, and the summary of a chart's series.

A row is a dict with the columns of `statements`, `claims_listed.sql` or `claims_by_id.sql`. The words are
those of the view's language; a further language is one catalogue.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboards.i18n.translations import Named
from dashboards.metrics import headline
from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.labels import lower_first, name_counted, name_part
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import TOTAL, Kind, Measure, Precision

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
    return view.words(
        "quote.full", sentence=compose_statement(view, row), notes="; ".join(_list_notes(view, row))
    )


def compose_statement(view: View, row: Mapping[str, Any]) -> str:
    """The sentence without its source and marks, and without its full stop."""
    words = view.words
    organisation = name_speaker_in_sentence(view, row["organisation"])
    if row.get("derived"):
        organisation = Named(words("quote.derived_from", organisation=organisation))
    if row["value"] is None and row.get("fewer_than") is None:
        what = lower_first(name_counted(view, row["measure"], row["population"], row["breakdown"]))
        return words("quote.withheld", organisation=organisation, what=what, when=tell_when(view, row))
    key, when, announced = f"quote.{row['measure']}", tell_when(view, row), labels.find_announced(row)
    if row["kind"] == Kind.PROMISE and announced < row["as_of"] and row["as_of_precision"] != Precision.MONTH:
        key, when = "quote.release_planned", words("when.day", day=words.day(announced))
    return words.plural(
        key,
        _find_largest(row),
        organisation=organisation,
        people=tell_people(view, row),
        when=when,
        planned=words.day(row["as_of"]),
    )


def tell_when(view: View, row: Mapping[str, Any]) -> str:
    """The moment, or the window that the figure covers, with its preposition: desde el … hasta el …"""
    words = view.words
    day = labels.tell_moment(row, words)
    fine = "month" if row["as_of_precision"] == Precision.MONTH else "day"
    start = row["period_start"]
    of_that_day = row["kind"] == Kind.FLOW and start == row["as_of"]
    if row["kind"] not in (Kind.FLOW, Kind.CUMULATIVE) or of_that_day or labels.covers_its_month(row):
        return words(f"when.{fine}", day=day)
    if start is None:
        return words(f"when.unknown_{fine}", day=day)
    basis = "previous_bulletin" if row["window_basis"] == "previous_bulletin" else "stated"
    return words(f"when.{basis}_{fine}", start=words.day(start), day=day)


def name_speaker(view: View, organisation: str) -> str:
    """Who says it; a source that a report does not name is told as that, and has no name of its own."""
    if organisation == UNATTRIBUTED:
        return view.words("quote.unattributed")
    return view.names.get(organisation, organisation)


def name_speaker_in_sentence(view: View, organisation: str) -> Named:
    """The same within a sentence, with the article that a name takes."""
    if organisation == UNATTRIBUTED:
        return Named(view.words("quote.unattributed"))
    return name_in_sentence(view, organisation)


def tell_people(view: View, row: Mapping[str, Any]) -> str:
    """The figure with whom it counts: 47 personas detenidas por motivos políticos (mujeres).

    Whose they are stands in brackets where it cannot follow the number: after acts, after one person (the
    population's words are plural), and where its words hold a comma.
    """
    words, situation = view.words, view.situation
    hidden = row["value"] is None and row.get("fewer_than") is None
    amount = words("doubts.withheld") if hidden else amounts.tell_amount(row, words)
    named = situation.populations.get(row["population"])
    population = words.of(named) if named is not None else row["population"]
    parts = [] if row["breakdown"] == TOTAL else [name_part(view, row["breakdown"])]
    if row["kind"] == Kind.STOCK and row["period_start"] is not None:
        parts.append(words("quote.counted_since", day=words.day(row["period_start"])))
    if row["measure"] in ACTS or hidden:
        return _add_brackets(amount, [population, *parts])
    if _find_largest(row) == 1 or "," in population:
        return _add_brackets(
            words.plural("amount.people", _find_largest(row), amount=amount), [population, *parts]
        )
    return _add_brackets(f"{amount} {population}", parts)


def _find_largest(row: Mapping[str, Any]) -> int:
    """The number that decides between one and many."""
    most: int = row["value_high"] or row["value"] or row.get("fewer_than") or 0
    return most


def _add_brackets(text: str, inside: list[str]) -> str:
    return f"{text} ({'; '.join(inside)})" if inside else text


def _list_notes(view: View, row: Mapping[str, Any]) -> list[str]:
    """Who published it and when, then every mark that a reader must know."""
    words = view.words
    publisher = view.publisher(row["publisher"])
    notes = [words("quote.published", day=words.day(row["published"]), publisher=publisher)]
    if row["derived"]:
        notes[0] = words("quote.derived")
    graded = row["standing"] != "outranked"
    notes += labels.list_marks(row, words, provenance=graded, reading=view.known_on is None)
    if row["window_basis"] == "previous_bulletin":
        notes.append(words("quote.window_inferred"))
    if row["standing"] != "stands":
        notes.append(labels.tell_standing(row, words))
    if view.known_on is not None:
        notes.append(words("quote.known_on", day=words.day(view.today)))
    return notes


def compose_source(view: View, frame: pl.DataFrame) -> str:
    """Who said it, of which kind each is, and up to when."""
    words = view.words
    newest = series.find_last_day(frame) if frame.height else None
    if newest is None:
        return words("source.none")
    organisations = _name_by_kind(view, frame["organisation"].unique(maintain_order=True).to_list())
    line = words("source.line", organisations=organisations, as_of=words.day(newest))
    if view.known_on is None:
        return line
    return f"{line} {words('known.source', day=words.day(view.today))}"


def _name_by_kind(view: View, organisations: Sequence[str]) -> str:
    """Organisations with their kind, those of one kind together; a name that ends in brackets is not last."""
    roles = series.read_roles(view.build, view.situation_id)
    told = []
    for role in dict.fromkeys(roles[each] for each in organisations):
        names = [view.names[each] for each in organisations if roles[each] == role]
        names.sort(key=lambda name: not name.endswith(")"))
        listed = view.words.listed(names)
        told.append(listed if listed.endswith(")") else view.words(f"source.kind_{role}", names=listed))
    return "; ".join(told)


def compose_summary(view: View, panels: Sequence[pl.DataFrame]) -> str:
    """One sentence for each series: from its first figure in the range to its last or its headline."""
    words, names = view.words, view.names
    sentences = []
    for points in panels:
        for _, own in points.group_by("organisation", "measure", "baseline", maintain_order=True):
            rows = headline.cut_at_headline(view, own).to_dicts()
            first, last = rows[0], rows[-1]
            facts = {
                "organisation": names[last["organisation"]],
                "measure": words(f"measure_in_sentence.{last['measure']}"),
                "window": f" ({labels.tell_window(last, words)})" if labels.tell_window(last, words) else "",
                "last": amounts.tell_amount(last, words),
                "last_day": labels.tell_moment(last, words),
            }
            if first["as_of"] == last["as_of"]:
                sentences.append(words("summary.one", **facts))
            else:
                begin = {
                    "first": amounts.tell_amount(first, words),
                    "first_day": labels.tell_moment(first, words),
                }
                sentences.append(words.plural("summary.many", len(rows), **facts, **begin))
    return " ".join(sentences) if sentences else words("summary.none")
