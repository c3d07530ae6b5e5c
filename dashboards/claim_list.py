"""Claims as a table, the choices that narrow them, and the rows that were read but do not count."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards import markup, pinned, queries, readings, telling, terms
from dashboards.markup import Cell, Link, Part
from dashboards.view import View, claim_address
from pipelines.model import Provenance, State

ANY: Final = "any"
PER_PAGE: Final = 50  # statements, each with all the claims that carry it
STANDINGS: Final = [
    ANY, "stands", "superseded", "echo", "outranked", "contradicted", "in_doubt", "withdrawn", "revised",
]  # fmt: skip
READINGS: Final = [ANY, "yes", "copy", "no"]
PROVENANCES: Final = [ANY, *(grade.value for grade in Provenance)]
_COLUMNS: Final = (
    "as_of",
    "who",
    "what",
    "part",
    "figure",
    "published",
    "source",
    "state",
    "reading",
    "marks",
)


@dataclass(frozen=True)
class Options:
    """What the claims of a situation can be narrowed to."""

    organisations: list[str]
    measures: list[str]
    breakdowns: list[str]
    first: date
    last: date


def options(view: View) -> Options:
    """The choices that have claims, each list beginning with ANY."""
    found = queries.claim_choices(view.build, view.situation_id)
    names = view.names
    breakdowns = found["breakdown"].unique().to_list()
    return Options(
        organisations=[ANY, *sorted(found["organisation"].unique(), key=names.__getitem__)],
        measures=[ANY, *found["measure"].unique().sort()],
        breakdowns=[ANY, *sorted(breakdowns, key=lambda each: (each != "total", each))],
        first=queries.first_day(found, "first") or view.situation.baseline,
        last=max(queries.last_day(found, "last") or view.today, view.today),
    )


def stated(choice: str) -> str | None:
    """A choice as a filter takes it: ANY asks nothing."""
    return None if choice == ANY else choice


def label(view: View, key: str, value: str) -> str:
    """One choice of one filter (the keys of the page's address) in words."""
    words = view.words
    if value == ANY:
        return words(f"any.{key}")
    if key == "who":
        return view.names[value]
    if key == "part":
        return words.breakdown(value, view.situation.breakdown_labels)
    family = {"measure": "measure", "grade": "provenance", "state": "standing", "reading": "reading"}[key]
    return words(f"{family}.{value}")


def lead(view: View) -> str:
    """The page's answer: how many figures there are, what became of them, how many were read again."""
    words = view.words
    counts = queries.row_counts(view.build, view.situation_id)
    told = words("claims.lead", **{name: words.number(count) for name, count in counts.items()})
    return f"{told} {readings.share(view)}".strip()


def as_table(view: View, claims: pl.DataFrame, caption: str) -> str:
    """Claims (`claims.sql`) as a table, one row a claim."""
    words = view.words
    heads = terms.each_opened((words(f"table.{column}") for column in _COLUMNS), words)
    seen: set[str] = set()  # a term opens once in the table, not on each of its rows
    rows = claims.to_dicts()
    read = readings.of_rows(view, rows)
    cells = (_cells(view, row, read[row["claim_id"]], seen) for row in rows)
    return markup.table(caption, heads, cells, numeric=(4,))


def _cells(view: View, row: dict[str, Any], read: str, seen: set[str]) -> list[Cell]:
    words, situation = view.words, view.situation
    what: list[str | Link] = [words(f"measure.{row['measure']}")]
    window = telling.window(row, words)
    if window:
        what.append(window)
    if row["population"] != situation.default_population:
        what.append(words.of(situation.populations[row["population"]]))
    published = words.short_day(row["published"]) if row["published"] else words("no_data")
    return [
        telling.short_moment(row, words),
        view.names[row["organisation"]],
        what,
        words.breakdown(row["breakdown"], situation.breakdown_labels),
        telling.figure(row, words),
        published,
        [
            Link(view.publisher(row["publisher"]), row["url"]),
            terms.opened(words(f"provenance.{row['provenance']}"), words, seen),
        ],
        _standing(view, row, seen),
        terms.opened(read, words, seen),
        [
            terms.opened(mark, words, seen)
            for mark in telling.marks(row, words, provenance=False, reading=False)
        ],
    ]


def _standing(view: View, row: dict[str, Any], seen: set[str]) -> list[Part]:
    """What became of the statement, what decided, and the address of this claim alone, by its id."""
    words = view.words
    told = [telling.standing(row, words)]
    if row["standing"] not in ("contradicted", "withdrawn") and row["why_standing"] != "alone":
        told.append(words(f"why.{row['why_standing']}"))
    own = Link(row["claim_id"], claim_address(view, row["leading_claim"]), outside=False)
    return [*(terms.opened(each, words, seen) for each in told), own]


def leading(view: View, claims: pl.DataFrame) -> dict[str, Any]:
    """The claim that leads a statement, with `figure_id`, from all the claims that carry it."""
    row = claims.filter(pl.col("claim_id") == pl.col("leading_claim")).row(0, named=True)
    return {**row, "figure_id": pinned.figure_ids(view, [row["claim_id"]])[row["claim_id"]]}


def as_csv(view: View, chosen: queries.Filter, matching: int) -> bytes:
    """All claims that match, as CSV in UTF-8."""
    claims = queries.claims(view.build, view.situation_id, chosen, max(matching, 1), 0)
    return claims.drop("statements").write_csv().encode()


def aside_lead(view: View) -> str:
    """How many rows do not count."""
    words = view.words
    counts = queries.row_counts(view.build, view.situation_id)
    if counts["pending"] + counts["quarantined"] == 0:
        return words("aside.none")
    return words(
        "aside.lead", pending=words.number(counts["pending"]), quarantined=words.number(counts["quarantined"])
    )


def aside_tables(view: View) -> str:
    """Pending and quarantined rows, each with its place and the reason."""
    words = view.words
    rows = queries.rows_aside(view.build, view.situation_id)
    columns = ("file", "place", "reason", "raw")
    heads = terms.each_opened((words(f"table.{column}") for column in columns), words)
    html = ""
    for state in (State.PENDING, State.QUARANTINED):
        own = queries.only(rows, state=state.value)
        if own.height:
            caption = words(f"aside.{state}")
            html += f"<h3>{markup.cell(caption)}</h3>"
            html += markup.table(
                caption, heads, own.select("file", "place", "reason", pl.col("raw").fill_null("—")).rows()
            )
    return html
