"""What the page about a situation's law tells, for the app and the static site: sections of sourced facts."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from dashboards import queries, terms
from dashboards.markup import Cell, Link
from dashboards.view import View

PAGE: Final = "law"
LANGUAGES: Final = ("es", "en", "pt")  # that the facts are written in


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


@lru_cache(maxsize=64)
def law_of(view: View) -> Law | None:
    """The law of the view's situation; None where it tells of none."""
    rows = queries.law(view.build, view.situation_id).to_dicts()
    if not rows:
        return None
    sections = [list(facts) for _, facts in groupby(rows, key=lambda row: row["section"])]
    return Law(
        _said(view, rows[0], "title"),
        _said(view, rows[0], "lead"),
        tuple(
            Section(_said(view, facts[0], "section"), tuple(_fact(view, row) for row in facts))
            for facts in sections
        ),
    )


def _said(view: View, row: dict[str, Any], what: str) -> str:
    return view.words.of({language: row[f"{what}_{language}"] for language in LANGUAGES})


def _fact(view: View, row: dict[str, Any]) -> Cell:
    words = view.words
    day = words.short_day(row["published"]) if row["published"] else words("law.no_day")
    publisher = view.publisher(row["publisher"])
    source = words("law.source", publisher=publisher, day=day, read_on=words.short_day(row["read_on"]))
    return (terms.opened(_said(view, row, "text"), words), Link(source, row["url"]))
