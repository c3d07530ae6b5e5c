"""How to cite a figure or a chart: an APA-like reference, BibTeX, and CFF 1.2.0.

A figure is its organisation's, as its publisher carried it, and is cited so; what is ours is the address that
keeps it as this build showed it. A chart is ours, made of figures of the organisations it names.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_skeleton

from dashboards.exhibits import figures_over_time
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export.provenance import make_address as served_at
from dashboards.queries.view import LICENCE_URL, View
from dashboards.text import statement_sentences

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUOTABLE: Final = {"measure", "population", "as_of_precision", "window_basis", "published_basis"}
_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, a backslash before them or not
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def write_bibtex(key: str, author: str, title: str, day: date, **fields: str) -> str:
    """One @misc entry in UTF-8; author and title in double braces, so that no name is taken apart."""
    entries = {
        "author": f"{{{_escape_latex(author)}}}",
        "title": f"{{{_escape_latex(title)}}}",
        "year": str(day.year),
        "month": MONTHS[day.month - 1],
        **{
            name: value if name == "url" else _escape_latex(re.sub(r"\s+", " ", value).strip())
            for name, value in fields.items()
            if value.strip()
        },
    }
    if "url" in entries:
        entries["url"] = entries["url"].translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in entries.items())
    return f"@misc{{{re.sub(r'[^A-Za-z0-9-]', '-', key)},\n" + ",\n".join(lines) + "\n}\n"


def _escape_latex(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    return "".join(_LATEX.get(character, character) for character in text)


def write_yaml(content: Mapping[str, Any], indent: str = "") -> list[str]:
    """A mapping as YAML in blocks; every text is a quoted scalar, which YAML reads as JSON does."""
    lines = []
    for name, value in content.items():
        if value is None or value == []:
            continue
        if isinstance(value, str):
            lines.append(f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}")
        elif isinstance(value, Mapping):
            lines += [f"{indent}{name}:", *write_yaml(value, indent + "  ")]
        else:
            lines += [f"{indent}{name}:", *_write_items(value, indent + "  ")]
    return lines


def _write_items(items: Sequence[Mapping[str, Any]], indent: str) -> list[str]:
    lines = []
    for item in items:
        first, *rest = write_yaml(item, indent + "  ")
        lines += [f"{indent}- {first.strip()}", *rest]
    return lines


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Citation:
    """One reference in three forms; `apa` in the view's language."""

    apa: str
    bibtex: str
    cff: str


def cite(view: View, cited: Row | Exhibit, address: str | None = None) -> Citation:
    """The reference of a statement (a row as in `sentences`) or of an exhibit.

    `address` is where it can be seen; None takes the one below $LIBEROMETRO_ADDRESS, if that is set.
    """
    if isinstance(cited, Exhibit):
        return _cite_exhibit(view, cited, served_at(view) if address is None else address)
    return _cite_figure(view, cited, make_figure_address(view, cited) if address is None else address)


def list_quotes(view: View, exhibit: Exhibit) -> list[str]:
    """A sentence for the newest figure of each series in the chart; else its summary and source."""
    frame = exhibit.frame
    of_figures = frame.is_empty() or set(frame.columns) >= _QUOTABLE
    newest = figures_over_time.list_quotable(view, exhibit) if of_figures else []
    if not newest:
        return [f"{exhibit.summary} {exhibit.source}".strip()]
    return [statement_sentences.quote(view, row) for row in newest]


def make_figure_address(view: View, row: Row) -> str:
    """The permanent address of a figure as this build shows it; empty without $LIBEROMETRO_ADDRESS."""
    if not row.get("figure_id"):
        return ""
    chosen = {
        "figure": row["figure_id"],
        "build": view.build.id,
        "situation": view.situation_id,
        "lang": view.language,
    }
    return served_at(view, ChartRequest(page="figure", options=tuple(chosen.items())))


def _cite_figure(view: View, row: Row, address: str) -> Citation:
    words = view.words
    author = statement_sentences.name_speaker(view, row["organisation"])
    title = words(
        "cite.figure_title",
        what=words(f"measure.{row['measure']}"),
        people=statement_sentences.tell_people(view, row),
        when=statement_sentences.tell_when(view, row).rstrip(","),
    )
    gathered = words("cite.gathered", build=view.build.id)
    url = _keep_web_address(row["url"] or "") or ""
    publisher = view.publisher(row["publisher"])
    carried = "" if publisher == author else f"{publisher}. "
    apa = words(
        "cite.apa_figure",
        author=author,
        day=_write_apa_day(view, row["published"]),
        title=title,
        source=f"{carried}{url}".strip(),
        address=f"{gathered} {address}",
    )
    key = row.get("figure_id") or row["claim_id"]
    bibtex = write_bibtex(
        f"liberometro-{key}-{view.build.id}",
        author,
        title,
        row["published"],
        howpublished=publisher,
        url=address or url,
        note=f"{statement_sentences.quote(view, row)} {gathered} {url if address else ''}",
    )
    source = {
        "type": "generic",
        "authors": [{"name": author}],
        "title": title,
        "publisher": {"name": publisher},
        "date-published": row["published"].isoformat(),
        "url": url or None,
        "notes": statement_sentences.quote(view, row),
    }
    cff = _write_cff(view, words("cite.message"), title, address, {"preferred-citation": source})
    return Citation(re.sub(r"\s+", " ", apa).strip(), bibtex, cff)


def _cite_exhibit(view: View, exhibit: Exhibit, address: str) -> Citation:
    words = view.words
    author, build = words("cite.authors"), view.build.id
    built = date.fromisoformat(view.build.built_at[:10])
    apa = words(
        "cite.apa_chart",
        author=author,
        day=_write_apa_day(view, built),
        title=exhibit.title.rstrip("."),
        build=build,
        source=exhibit.source,
        address=address,
    )
    bibtex = write_bibtex(
        f"liberometro-{exhibit.name}-{build}",
        author,
        exhibit.title,
        built,
        howpublished=words("app.name"),
        url=address,
        note=exhibit.source,
    )
    references = [
        {
            "type": "data",
            "authors": [{"name": name}],
            "title": words("cite.organisation_figures", organisation=name),
        }
        for name in _list_organisations(view, exhibit)
    ]
    cff = _write_cff(view, words("cite.message_chart"), exhibit.title, address, {"references": references})
    return Citation(re.sub(r"\s+", " ", apa).strip(), bibtex, cff)


def _list_organisations(view: View, exhibit: Exhibit) -> list[str]:
    """Names of those whose figures an exhibit's frame holds."""
    columns = [
        name for name in ("organisation", "left_organisation", "right_organisation") if name in exhibit.frame
    ]
    found = {name for column in columns for name in exhibit.frame[column].drop_nulls()}
    return sorted(statement_sentences.name_speaker(view, each) for each in found)


def _write_apa_day(view: View, day: date) -> str:
    """2026, 6 de mayo."""
    within = format_skeleton("MMMMd", day, locale=view.words.locale)
    return view.words("cite.day", year=day.year, day=within)


def _keep_web_address(url: str) -> str | None:
    return url if url.startswith(("http://", "https://")) else None


def _write_cff(view: View, message: str, title: str, address: str, more: Mapping[str, Any]) -> str:
    built = view.build.built_at[:10]
    content = {
        "cff-version": "1.2.0",
        "message": message,
        "type": "dataset",
        "title": f"Liberómetro: {title}",
        "authors": [{"name": view.words("cite.authors")}],
        "version": view.build.id,
        "date-released": built,
        "license": "CC-BY-4.0",
        "license-url": LICENCE_URL,
        "url": _keep_web_address(address),
        **more,
    }
    return "\n".join(write_yaml(content)) + "\n"
