"""How to cite a figure or a chart: an APA-like reference, BibTeX, and CFF 1.2.0, each with its build.

A figure is its organisation's, as its publisher carried it, and is cited so; what is ours is the address that
keeps it as this build showed it. A chart is ours, made of figures of the organisations it names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton

from dashboards import sentences
from dashboards.citation_forms import bibtex_entry, yaml_lines
from dashboards.exhibits import Exhibit
from dashboards.exports.imprint import Origin
from dashboards.exports.imprint import address as served_at
from dashboards.view import LICENCE_URL, View

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
        return _exhibit(view, cited, served_at(view) if address is None else address)
    return _figure(view, cited, figure_address(view, cited) if address is None else address)


def figure_address(view: View, row: Row) -> str:
    """The permanent address of a figure as this build shows it; empty without $LIBEROMETRO_ADDRESS."""
    if not row.get("figure_id"):
        return ""
    chosen = {
        "figure": row["figure_id"],
        "build": view.build.id,
        "situation": view.situation_id,
        "lang": view.language,
    }
    return served_at(view, Origin(page="figure", options=tuple(chosen.items())))


def _figure(view: View, row: Row, address: str) -> Citation:
    words = view.words
    author = sentences.speaker(view, row["organisation"])
    title = words(
        "cite.figure_title",
        what=words(f"measure.{row['measure']}"),
        people=sentences.people(view, row),
        when=sentences.when(view, row).rstrip(","),
    )
    gathered = words("cite.gathered", build=view.build.id)
    url = _web(row["url"] or "") or ""
    publisher = view.publisher(row["publisher"])
    carried = "" if publisher == author else f"{publisher}. "
    apa = words(
        "cite.apa_figure",
        author=author,
        day=_apa_day(view, row["published"]),
        title=title,
        source=f"{carried}{url}".strip(),
        address=f"{gathered} {address}",
    )
    key = row.get("figure_id") or row["claim_id"]
    bibtex = bibtex_entry(
        f"liberometro-{key}-{view.build.id}",
        author,
        title,
        row["published"],
        howpublished=publisher,
        url=address or url,
        note=f"{sentences.quote(view, row)} {gathered} {url if address else ''}",
    )
    source = {
        "type": "generic",
        "authors": [{"name": author}],
        "title": title,
        "publisher": {"name": publisher},
        "date-published": row["published"].isoformat(),
        "url": url or None,
        "notes": sentences.quote(view, row),
    }
    cff = _cff(view, words("cite.message"), title, address, {"preferred-citation": source})
    return Citation(re.sub(r"\s+", " ", apa).strip(), bibtex, cff)


def _exhibit(view: View, exhibit: Exhibit, address: str) -> Citation:
    words = view.words
    author, build = words("cite.authors"), view.build.id
    built = date.fromisoformat(view.build.built_at[:10])
    apa = words(
        "cite.apa_chart",
        author=author,
        day=_apa_day(view, built),
        title=exhibit.title.rstrip("."),
        build=build,
        source=exhibit.source,
        address=address,
    )
    bibtex = bibtex_entry(
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
        for name in _organisations(view, exhibit)
    ]
    cff = _cff(view, words("cite.message_chart"), exhibit.title, address, {"references": references})
    return Citation(re.sub(r"\s+", " ", apa).strip(), bibtex, cff)


def _organisations(view: View, exhibit: Exhibit) -> list[str]:
    """Names of those whose figures an exhibit's frame holds."""
    columns = [
        name for name in ("organisation", "left_organisation", "right_organisation") if name in exhibit.frame
    ]
    found = {name for column in columns for name in exhibit.frame[column].drop_nulls()}
    return sorted(sentences.speaker(view, each) for each in found)


def _apa_day(view: View, day: date) -> str:
    """2026, 6 de mayo."""
    within = format_skeleton("MMMMd", day, locale=view.words.locale)
    return view.words("cite.day", year=day.year, day=within)


def _web(url: str) -> str | None:
    return url if url.startswith(("http://", "https://")) else None


def _cff(view: View, message: str, title: str, address: str, more: Mapping[str, Any]) -> str:
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
        "url": _web(address),
        **more,
    }
    return "\n".join(yaml_lines(content)) + "\n"
