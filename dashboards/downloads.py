"""Links that give a chart as a file: one row of plain anchors, whose files are made when they are asked for.

The browser shows the progress of its own download, and the page stays as it is. Links are relative, so they
lead to the same server, below whatever path it is served.
"""

from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboards import exports
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin
from dashboards.view import View

WITH_BRIEF: Final = "overview"  # the chart beside which the situation on one page is offered
# What the pages show under names of their own → the catalogue's names.
CHARTS: Final = {
    "overview": "overview",
    "pace-cumulative": "pace-left-prison",
    "pace-stock": "pace-held",
    "pace-windows": "pace-windows",
    "pace-events": "before-and-after",
    "pace-record": "track-record",
    "outlook-stock": "outlook-held",
    "outlook-cumulative": "outlook-left-prison",
    "announcements": "announcements",
    "gaps": "gaps",
    "gaps-refused": "not-comparable",
    "bands": "bands",
    "revolving-door": "revolving-door",
    "releases-by-role": "releases-by-role",
    "contradictions": "contradictions",
    "reconciliation": "bridge",
    "reconciliation-list": "bridges",
    "breaks": "breaks",
    "revisions": "revisions",
    "origins": "origins",
}


def origin_of(exhibit: Exhibit, view: View) -> Origin | None:
    """How to ask for an exhibit that a page shows with its usual choices; None where that is not known."""
    name = CHARTS.get(exhibit.name.removeprefix(f"{view.situation_id}-"))
    return None if name is None else Origin(name)


def links(exhibit: Exhibit, view: View, origin: Origin | None = None, size: str | None = None) -> str:
    """The row as HTML; empty where nobody knows how to ask for the exhibit again.

    A picture is offered in every size, or in the one that was chosen; where the server can make none, the
    row says what it lacks and that the buttons below a chart make one in the browser.
    """
    asked = origin or origin_of(exhibit, view)
    if asked is None or asked.chart is None:
        return ""
    words = view.words
    offered = []
    pictures = exports.available()
    if exports.pictured(exhibit) and pictures:
        sizes = list(exports.SIZES) if size is None else [size]
        offered += [("png", each, words("download.png", size=words(f"size.{each}"))) for each in sizes]
        offered.append(("svg", size or exports.USUAL, "SVG"))
    offered += [(form, "", form.upper()) for form in exports.TABLES]
    anchors = [
        f'<a href="{escape(address(view, asked, form, each))}" download>{escape(label)}</a>'
        for form, each, label in offered
    ]
    if asked.chart == WITH_BRIEF and pictures:
        page = escape(address(view, Origin("brief"), "pdf"))
        anchors.append(f'<a href="{page}" download>{escape(words("download.brief"))}</a>')
    row = f'<p class="lm-downloads">{escape(words("download.as"))} {" · ".join(anchors)}</p>'
    if pictures or not exports.pictured(exhibit):
        return row
    how = "own" if exhibit.figure is not None else "none"
    lacks = f"{words('download.no_browser')} {words(f'download.browser_{how}')}"
    return row + f'<p class="lm-source">{escape(lacks)}</p>'


def address(view: View, origin: Origin, form: str, size: str = "") -> str:
    """Where a file is, from any page of the app."""
    pairs = [(key, value) for key, value in origin.options if key != "size"]
    if size:
        pairs.append(("size", size))
    if view.known_on is not None:
        pairs.append(("known", view.known_on.isoformat()))
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"file/{view.situation_id}/{view.language}/{origin.chart}.{form}{query}"
