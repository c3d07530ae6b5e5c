"""The brief: a situation as of a day on one A4 page, for a press conference, as a tagged PDF.

Words and figures are those of the Overview; the two charts are those of the catalogue, without events. Where
a language or a day has more to say, the letters are made smaller until all of it fits on the page.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pypdfium2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from lxml import etree
from markupsafe import Markup

from dashboards import answers, catalog, contradictions, exhibits, telling
from dashboards.exhibits import Exhibit
from dashboards.exports import browser, content, pdf_file, picture
from dashboards.exports.imprint import Origin, address, imprint
from dashboards.headline_card import Card, build_card
from dashboards.latest import Headline, find_headlines
from dashboards.view import LICENCE_URL, View

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
POINTS: Final = (9.4, 9.0, 8.6, 8.2, 7.8, 7.4, 7.0, 6.6, 6.2)  # of the letters, the largest that fits first
CHART: Final = (380, 245)  # pixels of one chart, before it takes the width of its column
CHARTS: Final = ("held", "left-prison")


class TooMuchError(ValueError):
    """The page does not hold all that must be said, in the smallest letters that can be read."""


def pdf(view: View) -> bytes:
    """The brief of a view. Raises MissingBrowserError, PictureFailedError, TooMuchError."""
    values = _values(view)
    template = _environment().get_template("brief.html")
    for points in POINTS:
        printed = browser.page_pdf(template.render(**values, points=points))
        if pages(printed) == 1:
            return _stamped(view, printed)
    raise TooMuchError(f"the brief of {view.situation_id} in {view.language} does not fit on one page")


def pages(document: bytes) -> int:
    """How many pages a PDF has."""
    opened = pypdfium2.PdfDocument(io.BytesIO(document))
    try:
        return len(opened)
    finally:
        opened.close()


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined
    )


def _stamped(view: View, printed: bytes) -> bytes:
    """With the record of the figures in it: those of the Overview's chart."""
    shown = exhibits.overview(view)
    frame = content.table(shown)
    held = {"columns": frame.columns, "rows": content.rows(frame), "paper": "A4"}
    return pdf_file.written(printed, imprint(shown, view, Origin("overview")), held)


def _values(view: View) -> dict[str, Any]:
    words, situation = view.words, view.situation
    found = find_headlines(view)
    drawn = [each for name in CHARTS if (each := catalog.exhibit(view, name)) is not None and each.figure]
    shown = exhibits.overview(view)
    key = "brief.known" if view.known_on else "brief.day"
    return {
        "lang": view.language,
        "project": words("app.name"),
        "situation": words.of(situation.name),
        "title": words("brief.title", situation=words.of(situation.name), day=words.day(view.today)),
        "heading": words.about("overview.title", situation),
        "day_line": words(key, day=words.day(view.today)),
        "answer": answers.answer(view, found),
        "stale": answers.staleness(view, found),
        "numbers": [_number(build_card(view, each)) for each in found.both],
        "charts": [{"title": each.title, "svg": _chart(each)} for each in drawn],
        "changes": answers.changes(view, found),
        "computed": words("overview.computed"),
        "doubts": contradictions.lead(view),
        "key": list(dict.fromkeys(line for each in drawn for line in each.key)),
        "caveats": [words("family.no_person"), *(words.of(each) for each in situation.caveats)],
        "source": shown.source,
        "sources": [source for each in found.both for source in _sources(view, each)],
        "reading": words("footer.reading"),
        "build": words(
            "footer.build", build=view.build.id, built_at=view.build.built_at[:16].replace("T", " ")
        ),
        "licence": f"CC BY 4.0 {LICENCE_URL}",
        "address": address(view),
        "heads": {
            name: words(f"brief.{name}") for name in ("changes", "doubts", "key", "caveats", "sources")
        },
    }


def _number(card: Card) -> Mapping[str, object]:
    marks = [" · ".join(card.marks)] if card.marks else []
    passed = [each.text for each in card.passed_over]
    return {"label": card.label, "figure": card.figure, "lines": [" · ".join(card.said), *marks, *passed]}


def _sources(view: View, found: Headline) -> list[dict[str, str | None]]:
    """The publications behind a newest figure, each with its address where it has one on the web."""
    words = view.words
    return [
        {
            "text": words(
                "brief.source",
                figure=telling.figure(row, words),
                publisher=view.publisher(row["publisher"]),
                day=words.day(row["published"]),
            ),
            "url": row["url"] if str(row["url"]).startswith(("http://", "https://")) else None,
        }
        for row in found.rows
    ]


def _chart(exhibit: Exhibit) -> Markup:
    """A chart without its events as inline SVG, with what it shows in words for a screen reader."""
    drawn = picture.chart(picture.without_events(exhibit.figure), exhibit.title, *CHART)
    drawn.set("role", "img")
    drawn.set("aria-label", exhibit.summary)
    drawn.set("viewBox", f"0 0 {CHART[0]} {CHART[1]}")
    return Markup(etree.tostring(drawn, encoding="unicode"))
