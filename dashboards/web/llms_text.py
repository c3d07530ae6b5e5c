"""llms.txt: what a language model is told of the site or the app, in the form of llmstxt.org.

A title, a summary, the rules that a reader of the numbers keeps, then lists of links, which come from the
registries of pages, tables and charts.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from dashboards.i18n.translations import Words
from dashboards.queries.view import LICENCE_URL

NAME: Final = "llms.txt"
RULES: Final = (
    "site.method_claim", "site.method_kinds", "llms.subtract", "footer.reading", "site.method_silence",
    "site.method_doubt", "site.method_derived", "llms.person",
)  # fmt: skip


class Entry(NamedTuple):
    """One link of a list."""

    name: str
    address: str
    note: str = ""


class Section(NamedTuple):
    """A list of links under a heading."""

    title: str
    entries: Sequence[Entry]


def write_text(words: Words, subject: str, sections: Iterable[Section]) -> str:
    """The whole file; `subject` is whom the numbers are about: one situation, or several."""
    lines = [f"# {words('app.name')}", "", f"> {words('llms.summary', subject=subject)}", ""]
    lines += [f"- {words(rule)}" for rule in RULES]
    for title, entries in (each for each in (*sections, _cite(words)) if each.entries):
        lines += ["", f"## {title}", "", *map(_write_entry, entries)]
    return "\n".join(lines) + "\n"


def _cite(words: Words) -> Section:
    entries = [Entry("CC BY 4.0", LICENCE_URL, words("llms.cite_text"))]
    return Section(words("llms.cite"), entries)


def _write_entry(entry: Entry) -> str:
    note = f": {' '.join(entry.note.split())}" if entry.note else ""
    return f"- [{entry.name.replace('[', '(').replace(']', ')')}]({entry.address}){note}"
