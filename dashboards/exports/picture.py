"""A chart with all its lines inside one picture, as an SVG document of our own around plotly's.

Cropping the page around it takes nothing away: title, how to read, events, source, as of, edition and address
are in the picture. The lettering is as large as the chart allows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import plotly.graph_objects as go
from lxml import etree

from dashboards.exhibits import Exhibit
from dashboards.exports import browser, content
from dashboards.exports.imprint import Imprint, short
from dashboards.exports.lettering import FAMILY, wrapped
from dashboards.exports.sizes import Size
from dashboards.words import words_of

SVG: Final = "http://www.w3.org/2000/svg"
INK, SOFT, PAPER = "#1d1b19", "#55504b", "#ffffff"
PAD: Final = 14
TITLE: Final = 18
SMALL: Final = 11.5
LEADING: Final = 1.3
COLUMN: Final = 0.35  # of the width, for the text beside a chart
LEAST: Final = 0.66  # of the height that a chart has on a page, in the largest lettering
MANY_ROWS: Final = 700  # a chart that is higher on a page has rows of text, which cannot be pressed together
STEPS: Final = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of the largest lettering
EVENTS_FROM: Final = 0.75  # of the largest lettering; where smaller would be needed, events are left out
_RANDOM: Final = re.compile(r"defs-([0-9a-f]{6})")


@dataclass(frozen=True)
class Text:
    """One block of lines, its size in pixels and its colour."""

    lines: tuple[str, ...]
    size: float
    colour: str = SOFT
    bold: bool = False

    @property
    def height(self) -> float:
        """Pixels that the block takes, the space below included."""
        return len(self.lines) * self.size * LEADING + self.size * 0.35 if self.lines else 0


@dataclass(frozen=True)
class Plan:
    """Where everything goes, in pixels before enlargement."""

    scale: float
    width: float
    height: float
    texts: tuple[tuple[tuple[Text, ...], float, float], ...]  # blocks, left, top
    chart: tuple[float, float, float, float]  # left, top, width, height
    room: float  # that the text beside the chart leaves; negative where it does not fit


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
    root = _element(
        "svg",
        width=size.width,
        height=round(chosen.height * chosen.scale),
        viewBox=f"0 0 {chosen.width:g} {chosen.height:g}",
    )
    root.set("role", "img")
    root.set("lang", imprint.language)
    _say(root, "title", f"{imprint.situation_name}. {imprint.title}")
    _say(root, "desc", f"{imprint.summary} {imprint.source}")
    root.append(_element("rect", width="100%", height="100%", fill=PAPER))
    drawn = chart(figure, imprint.title, round(width), round(height))
    drawn.set("x", f"{left:g}")
    drawn.set("y", f"{top:g}")
    root.append(drawn)
    for blocks, text_left, text_top in chosen.texts:
        _write(root, blocks, text_left, text_top)
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


def plan(imprint: Imprint, size: Size, natural: float) -> Plan:
    """The largest lettering that leaves the chart enough room; `natural` is its height on a page.

    Where even the smallest leaves too little, the picture is made higher than its size, not less legible.
    """
    long = natural > MANY_ROWS
    wanted = natural * (1 if long else LEAST)
    for step in STEPS:
        found = _plan(imprint, size, size.largest * step, long)
        if found.room >= 0 and found.chart[3] >= wanted:
            return found
    lacking = max(wanted - found.chart[3], -found.room)
    return _plan(imprint, size, found.scale, long, lacking)


def _plan(imprint: Imprint, size: Size, scale: float, long: bool, more: float = 0) -> Plan:
    width, height = size.width / scale, size.height / scale + more
    inner = width - 2 * PAD
    head, foot = _head(imprint, inner), _foot(imprint, inner)
    top = PAD + _height(head)
    bottom = height - PAD * 0.6 - _height(foot)
    reading = _reading(imprint, inner)
    if size.beside and any(block.lines for block in reading) and not long:
        column = inner * COLUMN
        reading = _reading(imprint, column, apart=True)
        left = PAD + inner - column
        chart = (0.0, top, left - PAD / 2, bottom - top)
        at = ((head, PAD, PAD), (reading, left, top), (foot, PAD, bottom))
        return Plan(scale, width, height, at, chart, bottom - top - _height(reading))
    middle = bottom - _height(reading)
    at = ((head, PAD, PAD), (reading, PAD, middle), (foot, PAD, bottom))
    return Plan(scale, width, height, at, (0.0, top, width, middle - top), 0.0)


def _height(blocks: Sequence[Text]) -> float:
    return sum(block.height for block in blocks)


def _head(imprint: Imprint, width: float) -> tuple[Text, ...]:
    return (
        _block(imprint.situation_name, SMALL, width, bold=True),
        _block(imprint.title, TITLE, width, INK, bold=True),
    )


def _reading(imprint: Imprint, width: float, apart: bool = False) -> tuple[Text, ...]:
    words = words_of(imprint.language)
    return (
        _items(words("export.key"), imprint.key, width, apart),
        _items(words("export.events"), imprint.events, width, apart),
    )


def _foot(imprint: Imprint, width: float) -> tuple[Text, ...]:
    where = [short(imprint.address)] if imprint.address else []
    last = " · ".join((imprint.project, *where, imprint.licence))
    return (
        _block(imprint.source, SMALL, width, INK),
        _block(last, SMALL, width, INK, bold=True),
    )


def _items(head: str, items: Sequence[str], width: float, apart: bool) -> Text:
    """A heading and its items, one after the other in running lines, or each in lines of its own."""
    if not items:
        return Text((), SMALL)
    if not apart:
        return _block(f"{head}: " + " · ".join(items), SMALL, width)
    lines = [f"{head}:", *(line for item in items for line in wrapped(item, SMALL, width))]
    return Text(tuple(lines), SMALL)


def _block(text: str, size: float, width: float, colour: str = SOFT, bold: bool = False) -> Text:
    return Text(tuple(wrapped(text, size, width, bold)), size, colour, bold)


def _write(root: etree._Element, blocks: Sequence[Text], left: float, top: float) -> None:
    for block in blocks:
        for number, line in enumerate(block.lines):
            baseline = top + block.size + number * block.size * LEADING
            text = _element("text", x=f"{left:g}", y=f"{baseline:.1f}", fill=block.colour)
            text.set("font-family", FAMILY)
            text.set("font-size", f"{block.size:g}")
            if block.bold:
                text.set("font-weight", "bold")
            text.text = line
            root.append(text)
        top += block.height


def chart(figure: go.Figure, title: str, width: int, height: int) -> etree._Element:
    """Plotly's drawing in our font, its names of parts the same at every drawing."""
    still = go.Figure(figure)
    for number, trace in enumerate(still.data):
        trace.uid = f"t{number}"
    said = f"<b>{title}</b>"  # the picture's title says it already
    still.layout.annotations = [each for each in still.layout.annotations if each.text != said]
    still.update_layout(width=width, height=height, font={"family": FAMILY, "color": INK}, template=None)
    drawn = browser.figure_svg(still, width, height)
    own = "c" + content.digest(f"{title} {width} {height}".encode())[:7]  # two on one page are told apart
    found = _RANDOM.search(drawn.decode())
    if found is not None:
        drawn = drawn.replace(found.group(1).encode(), own.encode())
    return etree.fromstring(drawn)


def _element(name: str, **attributes: object) -> etree._Element:
    return etree.Element(
        f"{{{SVG}}}{name}", {key: str(value) for key, value in attributes.items()}, nsmap={None: SVG}
    )


def _say(root: etree._Element, name: str, text: str) -> None:
    element = _element(name)
    element.text = text
    root.append(element)
