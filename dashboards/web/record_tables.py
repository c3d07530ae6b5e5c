"""Lists of records as HTML: claims, rows set aside, contradictions, our own corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.exhibits import exhibit
from dashboards.exhibits.contradictions import Finding
from dashboards.exhibits.own_corrections import Mistake
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Cell, Link, Part
from dashboards.queries import claim_rows, series
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels, readings
from dashboards.web import html
from dashboards.web.html import render_cell, render_paragraph, render_table
from pipelines.core.formulas import mark_formulas
from pipelines.core.model import Provenance, RowState

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


def list_options(view: View) -> Options:
    """The choices that have claims, each list beginning with ANY."""
    found = claim_rows.read_combinations(view.build, view.situation_id)
    names = view.names
    breakdowns = found["breakdown"].unique().to_list()
    return Options(
        organisations=[ANY, *sorted(found["organisation"].unique(), key=names.__getitem__)],
        measures=[ANY, *found["measure"].unique().sort()],
        breakdowns=[ANY, *sorted(breakdowns, key=lambda each: (each != "total", each))],
        first=series.find_first_day(found, "first") or view.situation.baseline,
        last=max(series.find_last_day(found, "last") or view.today, view.today),
    )


def parse_choice(choice: str) -> str | None:
    """A choice as a filter takes it: ANY asks nothing."""
    return None if choice == ANY else choice


def name_choice(view: View, key: str, value: str) -> str:
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


def compose_claims_answer(view: View) -> str:
    """The page's answer: how many figures there are, what became of them, how many were read again."""
    words = view.words
    counts = claim_rows.count_rows_by_state(view.build, view.situation_id)
    told = words("claims.lead", **{name: words.number(count) for name, count in counts.items()})
    return f"{told} {readings.compose_share(view)}".strip()


def render_claims(view: View, claims: pl.DataFrame, caption: str) -> str:
    """Claims (`claims_listed.sql`) as a table, one row a claim."""
    words = view.words
    heads = glossary.open_each((words(f"table.{column}") for column in _COLUMNS), words)
    seen: set[str] = set()  # a term opens once in the table, not on each of its rows
    rows = claims.to_dicts()
    read = readings.tell_readings(view, rows)
    cells = (_make_row(view, row, read[row["claim_id"]], seen) for row in rows)
    return html.render_table(caption, heads, cells, numeric=(4,))


def _make_row(view: View, row: dict[str, Any], read: str, seen: set[str]) -> list[Cell]:
    words, situation = view.words, view.situation
    what: list[str | Link] = [words(f"measure.{row['measure']}")]
    window = labels.tell_window(row, words)
    if window:
        what.append(window)
    if row["population"] != situation.default_population:
        what.append(words.of(situation.populations[row["population"]]))
    published = words.short_day(row["published"]) if row["published"] else words("no_data")
    return [
        labels.tell_short_moment(row, words),
        view.names[row["organisation"]],
        what,
        words.breakdown(row["breakdown"], situation.breakdown_labels),
        amounts.tell_amount(row, words),
        published,
        [
            Link(view.publisher(row["publisher"]), row["url"]),
            glossary.open_terms(words(f"provenance.{row['provenance']}"), words, seen),
        ],
        _tell_standing(view, row, seen),
        glossary.open_terms(read, words, seen),
        [
            glossary.open_terms(mark, words, seen)
            for mark in labels.list_marks(row, words, provenance=False, reading=False)
        ],
    ]


def _tell_standing(view: View, row: dict[str, Any], seen: set[str]) -> list[Part]:
    """What became of the statement, what decided, and the address of this claim alone, by its id."""
    words = view.words
    told = [labels.tell_standing(row, words)]
    if row["standing"] not in ("contradicted", "withdrawn") and row["why_standing"] != "alone":
        told.append(words(f"why.{row['why_standing']}"))
    own = Link(row["claim_id"], make_claim_address(view, row["leading_claim"]), outside=False)
    return [*(glossary.open_terms(each, words, seen) for each in told), own]


def find_leading_claim(view: View, claims: pl.DataFrame) -> dict[str, Any]:
    """The claim that leads a statement, with `figure_id`, from all the claims that carry it."""
    row = claims.filter(pl.col("claim_id") == pl.col("leading_claim")).row(0, named=True)
    return {**row, "figure_id": claim_rows.find_figure_ids(view, [row["claim_id"]])[row["claim_id"]]}


def write_claims_csv(view: View, chosen: claim_rows.Filter, matching: int) -> bytes:
    """All claims that match, as CSV in UTF-8."""
    claims = claim_rows.read_claims(view.build, view.situation_id, chosen, max(matching, 1), 0)
    return mark_formulas(claims.drop("statements")).write_csv().encode()


def tell_rows_aside(view: View) -> str:
    """How many rows do not count."""
    words = view.words
    counts = claim_rows.count_rows_by_state(view.build, view.situation_id)
    if counts["pending"] + counts["quarantined"] == 0:
        return words("aside.none")
    return words(
        "aside.lead", pending=words.number(counts["pending"]), quarantined=words.number(counts["quarantined"])
    )


def render_rows_aside(view: View) -> str:
    """Pending and quarantined rows, each with its place and the reason."""
    words = view.words
    rows = claim_rows.read_rows_aside(view.build, view.situation_id)
    columns = ("file", "place", "reason", "raw")
    heads = glossary.open_each((words(f"table.{column}") for column in columns), words)
    html = ""
    for state in (RowState.PENDING, RowState.QUARANTINED):
        own = series.select_rows(rows, state=state.value)
        if own.height:
            caption = words(f"aside.{state}")
            html += f"<h3>{render_cell(caption)}</h3>"
            html += render_table(
                caption, heads, own.select("file", "place", "reason", pl.col("raw").fill_null("—")).rows()
            )
    return html


def render_contradictions(view: View, findings: list[Finding]) -> str:
    """The findings one below the other, each with its claims in a table."""
    words = view.words
    heads = glossary.open_each((words(f"table.{column}") for column in exhibit.CLAIM_COLUMNS), words)
    html = ""
    for each in findings:
        flag = "" if each.open else f'<li class="lm-flag">{render_cell(words("doubts.explained_flag"))}</li>'
        html += (
            f'<section><h3>{render_cell(each.head)}</h3><ul class="lm-flags">{flag}</ul>'
            + render_paragraph(each.sentence, "lm-picked")
            + render_paragraph(glossary.open_terms(each.rule, words), "lm-summary")
            + ("" if each.open else f'<p class="lm-picked">{render_cell(each.explanation)}</p>')
            + render_table(words("doubts.claims"), heads, each.rows, numeric=(0,))
            + "</section>"
        )
    return html


def render_own_corrections(view: View, mistakes: Sequence[Mistake]) -> str:
    """The mistakes one below the other."""
    words = view.words
    html = ""
    for each in mistakes:
        flag = f'<li class="lm-flag">{render_cell(words("corrected.front_page"))}</li>'
        figures = "".join(
            f"<div><dt>{render_cell(words(f'corrected.{name}'))}</dt>"
            f"<dd><{tag}>{render_cell(side.figure)}</{tag}>{render_cell(side.about)}</dd></div>"
            for name, side, tag in (
                ("stood", each.old, "del" if each.struck else "strong"),
                ("stands", each.new, "strong"),
            )
        )
        html += (
            f'<section class="lm-mistake"><h2>{render_cell(each.head)}</h2>'
            f"<dl>{figures}</dl>{render_paragraph(each.why, 'lm-picked')}"
            + render_paragraph([each.shown, each.source], "lm-source")
            + (f'<ul class="lm-flags">{flag}</ul>' if each.front_page else "")
            + "</section>"
        )
    return html
