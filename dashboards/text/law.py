"""What the page about a situation's law tells, for the app and the static site: sections of sourced facts."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import series
from dashboards.queries.memory import remember
from dashboards.queries.view import View

PAGE: Final = "law"


@dataclass(frozen=True)
class Section:
    """One question and the facts that answer it, each over a link to its source."""

    title: str
    facts: tuple[Cell, ...]


@dataclass(frozen=True)
class Law:
    """The whole page in one language."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@remember
def find_law(view: View) -> Law | None:
    """The law of the view's situation; None where it tells of none."""
    rows = series.read_law(view.build, view.situation_id).to_dicts()
    if not rows:
        return None
    sections = [list(facts) for _, facts in groupby(rows, key=lambda row: row["section"])]
    return Law(
        view.words.of_column(rows[0], "title"),
        view.words.of_column(rows[0], "lead"),
        tuple(
            Section(view.words.of_column(facts[0], "section"), tuple(_make_fact(view, row) for row in facts))
            for facts in sections
        ),
    )


def _make_fact(view: View, row: dict[str, Any]) -> Cell:
    words = view.words
    day = words.short_day(row["published"]) if row["published"] else words("law.no_day")
    publisher = view.publisher(row["publisher"])
    source = words("law.source", publisher=publisher, day=day, read_on=words.short_day(row["read_on"]))
    return (glossary.open_terms(view.words.of_column(row, "text"), words), Link(source, row["url"]))
