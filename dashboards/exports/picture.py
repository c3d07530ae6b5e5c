"""A chart with all its lines inside one picture, as an SVG document of our own around plotly's.

Cropping the page around it takes nothing away: title, how to read, events, source, as of, edition and address
are in the picture. The lettering is as large as the chart allows.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import plotly.graph_objects as go
import plotly.io
from lxml import etree

from dashboards.exhibits import Exhibit
from dashboards.exports import browser, content
from dashboards.exports.imprint import Imprint
from dashboards.exports.layout import INK, LEADING, Plan, Text, plan
from dashboards.exports.lettering import FAMILY
from dashboards.exports.sizes import Size

SVG: Final = "http://www.w3.org/2000/svg"
PAPER: Final = "#ffffff"
FIRST: Final = 3  # place among the elements of a picture: after its title, description and paper
EVENTS_FROM: Final = 0.75  # of the largest lettering; where smaller would be needed, events are left out
_RANDOM: Final = re.compile(r"defs-([0-9a-f]{6})")


def draw(exhibit: Exhibit, imprint: Imprint, size: Size) -> etree._Element:
    """The picture as an SVG element of the size's pixels. `exhibit` has a figure."""
    figure = exhibit.figure
    chosen = plan(imprint, size, _natural(figure))
    if (
        chosen.scale < size.largest * EVENTS_FROM
        and imprint.events
        and not any(key == "event" and value for key, value in imprint.options)
    ):
        figure, imprint = without_events(figure), replace(imprint, events=())
        chosen = plan(imprint, size, _natural(figure))
    left, top, width, height = chosen.chart
    root = page(imprint, size, chosen)
    drawn = chart(figure, imprint.title, round(width), round(height))
    drawn.set("x", f"{left:g}")
    drawn.set("y", f"{top:g}")
    root.insert(FIRST, drawn)
    return root


def page(imprint: Imprint, size: Size, chosen: Plan) -> etree._Element:
    """The picture with all its lines, and room for what it is to show."""
    root = element(
        "svg",
        width=size.width,
        height=round(chosen.height * chosen.scale),
        viewBox=f"0 0 {chosen.width:g} {chosen.height:g}",
    )
    root.set("role", "img")
    root.set("lang", imprint.language)
    _say(root, "title", f"{imprint.situation_name}. {imprint.title}")
    _say(root, "desc", f"{imprint.summary} {imprint.source}")
    root.append(element("rect", width="100%", height="100%", fill=PAPER))
    for blocks, text_left, text_top in chosen.texts:
        write(root, blocks, text_left, text_top)
    return root


def _natural(figure: go.Figure) -> float:
    return float(figure.layout.height or 450)


def without_events(figure: go.Figure) -> go.Figure:
    """The figure without its numbered marks, for a picture too small to say what the numbers mean."""
    plain = go.Figure(figure)
    depth = max((float(each.yshift) for each in figure.layout.annotations if each.hovertext), default=0.0)
    plain.layout.annotations = [each for each in figure.layout.annotations if not each.hovertext]
    plain.layout.shapes = [
        each for each in figure.layout.shapes if not (each.type == "line" and each.yref == "paper")
    ]
    if depth and plain.layout.margin.t is not None:
        plain.layout.margin.t = max(plain.layout.margin.t - depth, 34)
        plain.layout.height = _natural(figure) - depth
    return plain


def write(
    root: etree._Element, blocks: Sequence[Text], left: float, top: float, end: float | None = None
) -> None:
    """Blocks one below the other, from the left; with an `end`, up to there."""
    for block in blocks:
        for number, line in enumerate(block.lines):
            baseline = top + block.size + number * block.size * LEADING
            x = left if end is None else end
            text = element("text", x=f"{x:g}", y=f"{baseline:.1f}", fill=block.colour)
            if end is not None:
                text.set("text-anchor", "end")
            text.set("font-family", FAMILY)
            text.set("font-size", f"{block.size:g}")
            if block.bold:
                text.set("font-weight", "bold")
            text.text = line
            root.append(text)
        top += block.height


def chart(figure: go.Figure, title: str, width: int, height: int) -> etree._Element:
    """Plotly's drawing in our font, its names of parts the same at every drawing."""
    still = figure.to_plotly_json()  # a copy, in plain data: a figure would check again what it was made of
    for number, trace in enumerate(still["data"]):
        trace["uid"] = f"t{number}"
    layout = still["layout"]
    said = f"<b>{title}</b>"  # the picture's title says it already
    layout["annotations"] = [each for each in layout.get("annotations", ()) if each.get("text") != said]
    layout["font"] = {**layout.get("font", {}), "family": FAMILY, "color": INK}
    layout.pop("template", None)
    plain = {"data": still["data"], "layout": layout}
    text = plotly.io.to_json(plain, validate=False, remove_uids=False, engine="json")
    drawn = browser.figure_svg(text, width, height)
    own = "c" + content.digest(f"{title} {width} {height}".encode())[:7]  # two on one page are told apart
    found = _RANDOM.search(drawn.decode())
    if found is not None:
        drawn = drawn.replace(found.group(1).encode(), own.encode())
    return etree.fromstring(etree.canonicalize(drawn.decode()))  # attributes come in any order


def element(name: str, **attributes: object) -> etree._Element:
    """An element of SVG."""
    return etree.Element(
        f"{{{SVG}}}{name}", {key: str(value) for key, value in attributes.items()}, nsmap={None: SVG}
    )


def _say(root: etree._Element, name: str, text: str) -> None:
    said = element(name)
    said.text = text
    root.append(said)
