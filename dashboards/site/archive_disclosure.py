"""Pinned charts of earlier builds that show a cell withheld since: something that says so takes their place.

With each build lies which figures each of its charts showed. A chart of which that cannot be told is replaced
once any figure of its build is withheld that was not when it was made.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl
from lxml import etree

from dashboards.charts import fonts
from dashboards.charts.theme import find_size
from dashboards.exhibits.chart_registry import draw_shown
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import table_data
from dashboards.i18n.translations import Words, read_words
from dashboards.queries import claim_rows
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.site.pages import embeds
from dashboards.site.render import Page, make_framed_policy, render
from dashboards.web import embedding

CELLS: Final = "cells.json"
# Where a table has these columns, they name every statement behind its numbers.
_NAMED: Final = ({"claim_id"}, {"claim", "total_claim"})
_SVG: Final = "http://www.w3.org/2000/svg"


@dataclass
class ArchivedCharts:
    """What is known of the pinned charts of one build."""

    charts: dict[str, list[str] | None] = field(default_factory=dict)  # the figures of each, None: not known
    withheld: list[str] = field(default_factory=list)  # figures withheld when it was made, or since
    replaced: dict[str, str] = field(default_factory=dict)  # chart → the day on which it was replaced

    def written(self) -> str:
        """As JSON, the same for the same."""
        return json.dumps(vars(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_shown(text: str | None) -> ArchivedCharts:
    """Of a build of the archive; None where an earlier version of this program pinned it."""
    return ArchivedCharts() if text is None else ArchivedCharts(**json.loads(text))


def find_hidden(edition: Edition) -> set[str]:
    """Figures that this build withholds."""
    rows = claim_rows.read_statements(edition.build, edition.first.situation_id)
    return set(rows.filter(pl.col("value").is_null())["figure_id"])


def record_shown(edition: Edition, folder: Folder) -> None:
    """Write which figures the charts of this build show."""
    ids = claim_rows.read_figure_ids(edition.build, edition.first.situation_id)
    charts = {chart.name: _list_figures(exhibit, ids) for chart, exhibit in draw_shown(edition.first)}
    found = ArchivedCharts(charts, sorted(find_hidden(edition)))
    folder.write(f"builds/{edition.build.id}/{CELLS}", found.written())


def _list_figures(exhibit: Exhibit, ids: Any) -> list[str] | None:
    frame = table_data.collect_rows(exhibit)
    for named in _NAMED:
        if named <= set(frame.columns):
            claims = {claim for name in named for claim in frame[name].drop_nulls().to_list()}
            return sorted({ids[claim] for claim in claims if claim in ids})
    return None


def note_withheld(
    cells: ArchivedCharts, figures: Iterable[str], charts: Iterable[str], now: set[str], day: str
) -> None:
    """Note which of a build's charts can stay no longer, and since when.

    `figures` are those of the build, `charts` the names of what is pinned, `now` what is withheld today.
    """
    news = (now & set(figures)) - set(cells.withheld)
    for chart in charts:
        own = cells.charts.get(chart)
        if news and chart not in cells.replaced and (own is None or news & set(own)):
            cells.replaced[chart] = day
    cells.withheld = sorted({*cells.withheld, *news})


def make_notice(edition: Edition, path: str, day: str) -> str | bytes:
    """What takes the place of a pinned file, a page or a picture, in its language."""
    _, build, language, name = path.split("/")
    language = language if language in edition.views else edition.first.language
    words = read_words(language)
    text = words("site.pinned_withheld", build=build, day=words.day(date.fromisoformat(day)))
    if name.endswith(".svg"):
        return _draw_picture(words, text, name.split(".")[-2])
    page = Page(
        "withheld.html",
        language,
        path,
        title=words("site.pinned_withheld_title"),
        description=text,
        policy=make_framed_policy(),
        listed=False,
        context={"since": urls.make_build_path(language, build), "frame": embedding.FRAME},
    )
    return render(edition, page)


def _draw_picture(words: Words, text: str, size: str) -> bytes:
    """The same words as a picture of the size that it replaces."""
    chosen = find_size(size if size in embeds.SIZES else embeds.SIZES[0])
    svg = etree.Element(
        f"{{{_SVG}}}svg",
        {
            "width": str(chosen.width), "height": str(chosen.height), "role": "img", "lang": words.language,
            "viewBox": f"0 0 {chosen.width} {chosen.height}", "font-family": fonts.FAMILY,
        },
        nsmap={None: _SVG},
    )  # fmt: skip
    title = words("site.pinned_withheld_title")
    etree.SubElement(svg, f"{{{_SVG}}}title").text = title
    etree.SubElement(svg, f"{{{_SVG}}}rect", width="100%", height="100%", fill="#f4f1ec")
    wrapped = fonts.wrap_text(text, 30, chosen.width - 160)
    top = chosen.height / 3
    for line, height, weight in ((title, 44, "bold"), *((line, 30, "normal") for line in wrapped)):
        top += height * 1.5
        place = {"x": "80", "y": f"{top:g}", "font-size": str(height), "font-weight": weight}
        etree.SubElement(svg, f"{{{_SVG}}}text", place).text = line
    written: bytes = etree.tostring(svg)
    return written + b"\n"
