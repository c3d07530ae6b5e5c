"""The brief: a situation as of a day on one A4 page, for a press conference, as a tagged PDF.

Words and figures are those of the Overview; the two charts are those of the catalogue, without events. Where
a language or a day has more to say, the letters are made smaller until all of it fits on the page.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import plotly.graph_objects as go
import pypdfium2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from lxml import etree
from markupsafe import Markup

from dashboards.charts import fonts
from dashboards.charts.theme import draws_doubts
from dashboards.exhibits import chart_registry, contradictions, figures_over_time
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import chromium, pdf_file, picture, table_data
from dashboards.export.provenance import make_address, make_provenance
from dashboards.metrics.headline import Headline, find_headlines
from dashboards.queries.view import LICENCE_URL, View
from dashboards.text import amounts, headline_sentences
from dashboards.web.headline_card import Card, build_cards

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
POINTS: Final = (9.4, 9.0, 8.6, 8.2, 7.8, 7.4, 7.0, 6.6, 6.2)  # of the letters, the largest that fits first
CHART: Final = (380, 245)  # pixels of one chart, before it takes the width of its column
CHARTS: Final = ("held", "left-prison")


class TooMuchError(ValueError):
    """The page does not hold all that must be said, in the smallest letters that can be read."""


def make_pdf(view: View) -> bytes:
    """The brief of a view. Raises MissingBrowserError, PictureFailedError, TooMuchError."""
    values = _collect_values(view)
    template = _make_environment().get_template("brief.html")
    for points in POINTS:
        printed = chromium.print_pdf(template.render(**values, points=points))
        if count_pages(printed) == 1:
            return _stamp_record(view, printed)
    raise TooMuchError(f"the brief of {view.situation_id} in {view.language} does not fit on one page")


def count_pages(document: bytes) -> int:
    """How many pages a PDF has."""
    opened = pypdfium2.PdfDocument(io.BytesIO(document))
    try:
        return len(opened)
    finally:
        opened.close()


def _make_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined
    )


def _stamp_record(view: View, printed: bytes) -> bytes:
    """With the record of the figures in it: those of the Overview's chart."""
    shown = figures_over_time.make_overview(view)
    frame = table_data.collect_rows(shown)
    held = {"columns": frame.columns, "rows": table_data.list_rows(frame), "paper": "A4"}
    return pdf_file.write(printed, make_provenance(shown, view, ChartRequest("overview")), held)


def _collect_values(view: View) -> dict[str, Any]:
    words, situation = view.words, view.situation
    found = find_headlines(view)
    drawn = [
        each
        for name in CHARTS
        if (each := chart_registry.find_exhibit(view, name)) is not None and each.figure
    ]
    shown = figures_over_time.make_overview(view)
    key = "brief.known" if view.known_on else "brief.day"
    return {
        "lang": view.language,
        "face": Markup(fonts.write_face()),  # our own file: nothing of it comes from anybody
        "family": Markup(fonts.FAMILY),
        "project": words("app.name"),
        "situation": words.of(situation.name),
        "title": words("brief.title", situation=words.of(situation.name), day=words.day(view.today)),
        "heading": words.about("overview.title", situation),
        "day_line": words(key, day=words.day(view.today)),
        "answer": headline_sentences.compose_answer(view, found),
        "stale": headline_sentences.warn_of_staleness(view, found),
        "numbers": [_collect_headline(card) for card in build_cards(view, found)],
        "charts": [{"title": each.title, "svg": _draw_chart(each)} for each in drawn],
        "changes": headline_sentences.compose_changes(view, found),
        "computed": words("overview.computed", days=words.days(situation.baseline_tolerance_days)),
        "doubts": contradictions.compose_answer(view),
        "key": list(dict.fromkeys(line for each in drawn for line in list_key(view, each))),
        "caveats": [words("family.no_person"), *(words.of(each) for each in situation.caveats)],
        "source": shown.source,
        "sources": [source for each in found.both for source in _list_sources(view, each)],
        "reading": words("footer.reading"),
        "build": words("footer.build", build=view.build.id, built_at=words.minute(view.build.built_at)),
        "licence": f"CC BY 4.0 {LICENCE_URL}",
        "address": make_address(view),
        "heads": {
            name: words(f"brief.{name}") for name in ("changes", "doubts", "key", "caveats", "sources")
        },
    }


def _collect_headline(card: Card) -> Mapping[str, object]:
    marks = [" · ".join(card.marks)] if card.marks else []
    links = [each.text for each in (*card.passed_over, *card.in_part)]
    return {"label": card.label, "figure": card.figure, "lines": [" · ".join(card.said), *marks, *links]}


def _list_sources(view: View, found: Headline) -> list[dict[str, str | None]]:
    """The publications behind a newest figure, each with its address where it has one on the web."""
    words = view.words
    return [
        {
            "text": words(
                "brief.source",
                figure=amounts.tell_amount(row, words),
                publisher=view.publisher(row["publisher"]),
                day=words.day(row["published"]),
            ),
            "url": row["url"] if str(row["url"]).startswith(("http://", "https://")) else None,
        }
        for row in found.rows
    ]


def list_key(view: View, exhibit: Exhibit) -> list[str]:
    """How to read the marks of a chart as it is drawn here, where a ring may have no room."""
    unseen = "" if draws_doubts(_fit_chart(exhibit)) else view.words("doubt.key")
    return [line for line in exhibit.key if line != unseen]


def _fit_chart(exhibit: Exhibit) -> go.Figure:
    return exhibit.fit(*CHART) if exhibit.fit else picture.remove_events(exhibit.figure)


def _draw_chart(exhibit: Exhibit) -> Markup:
    """A chart without its events as inline SVG, with what it shows in words for a screen reader."""
    drawn = picture.draw_plot(_fit_chart(exhibit), exhibit.title, *CHART)
    drawn.set("role", "img")
    drawn.set("aria-label", exhibit.summary)
    drawn.set("viewBox", f"0 0 {CHART[0]} {CHART[1]}")
    return Markup(etree.tostring(drawn, encoding="unicode"))
