"""Lists of records as HTML: claims, rows set aside, contradictions, our own corrections."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from dashboards.i18n import glossary
from dashboards.queries import claim_rows, series
from dashboards.queries.view import View
from dashboards.text import readings
from dashboards.web.html import render_cell, render_table
from pipelines.core.formulas import mark_formulas
from pipelines.core.model import Provenance, RowState

MOST_EXPORTED: Final = 20_000  # figures in one file; the open data hold all
STANDINGS: Final = [
    "stands", "superseded", "echo", "outranked", "contradicted", "in_doubt", "withdrawn", "revised",
]  # fmt: skip
READINGS: Final = ["yes", "copy", "no"]
PROVENANCES: Final = [grade.value for grade in Provenance]


@dataclass(frozen=True)
class Options:
    """What the claims of a situation can be narrowed to."""

    organisations: list[str]
    measures: list[str]
    breakdowns: list[str]
    first: date
    last: date


def list_options(view: View) -> Options:
    """The choices that have claims."""
    found = claim_rows.read_combinations(view.build, view.situation_id)
    names = view.names
    breakdowns = found["breakdown"].unique().to_list()
    return Options(
        organisations=sorted(found["organisation"].unique(), key=names.__getitem__),
        measures=found["measure"].unique().sort().to_list(),
        breakdowns=sorted(breakdowns, key=lambda each: (each != "total", each)),
        first=series.find_first_day(found, "first") or view.situation.baseline,
        last=max(series.find_last_day(found, "last") or view.today, view.today),
    )


def name_choice(view: View, key: str, value: str) -> str:
    """One choice of one filter (the keys of the page's address) in words."""
    words = view.words
    if key == "who":
        return view.names[value]
    if key == "part":
        return words.breakdown(value, view.situation.breakdown_labels)
    family = {"measure": "measure", "grade": "provenance", "state": "standing", "reading": "reading"}[key]
    return words(f"{family}.{value}")


def compose_claims_answer(view: View) -> str:
    """How many figures there are, how often they were published, and how many were read again."""
    found = claim_rows.read_quality(view.build, view.situation_id)
    if found is None:
        return ""
    told = view.words.plural(
        "figures.lead",
        claim_rows.count_figures(view.build, view.situation_id),
        publications=view.words.plural("figures.publications", found["figures"]),
    )
    return f"{told} {readings.compose_share(view)}"


def write_claims_csv(view: View, chosen: claim_rows.Filter, matching: int) -> bytes:
    """The claims of all figures that match, or of the first MOST_EXPORTED, as CSV in UTF-8."""
    most = min(max(matching, 1), MOST_EXPORTED)
    claims = claim_rows.read_claims(view.build, view.situation_id, chosen, most, 0)
    return mark_formulas(claims.drop("statements")).write_csv().encode()


def tell_rows_read(view: View) -> str:
    """How many rows were read and what became of them."""
    counts = claim_rows.count_rows_by_state(view.build, view.situation_id)
    return view.words("claims.lead", **{name: view.words.number(count) for name, count in counts.items()})


def tell_rows_aside(view: View) -> str:
    """How many rows do not count, and how many of those that were taken are withdrawn or in doubt."""
    words = view.words
    counts = claim_rows.count_rows_by_state(view.build, view.situation_id)
    told = words("aside.none")
    if counts["pending"] + counts["quarantined"]:
        told = words(
            "aside.lead",
            pending=words.number(counts["pending"]),
            quarantined=words.number(counts["quarantined"]),
        )
    read = claim_rows.read_quality(view.build, view.situation_id)
    withdrawn = read["withdrawn"] if read else 0
    doubted = claim_rows.count_doubted(view.build, view.situation_id)
    if withdrawn + doubted == 0:
        return told
    facts = {"withdrawn": words.number(withdrawn), "doubted": words.number(doubted)}
    return f"{told} {words('aside.not_shown', **facts)}"


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
