"""A chart with all its lines inside one picture, as a newspaper takes it: an SVG document of our own.

Cropping the page around it takes nothing away: whose prisoners, the finding, unit and start, how to read,
source, as of, edition, name and licence are in the picture, in the font that it carries.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import plotly.graph_objects as go
import plotly.io
from lxml import etree

from dashboards.charts.fonts import FAMILY, measure_width, write_face
from dashboards.charts.theme import DARK, INK, PAPER, RULE, Size
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import chromium, provenance
from dashboards.export.layout import BRIEF, LOGO, Plan, Text, plan
from dashboards.export.provenance import FileProvenance

SVG: Final = "http://www.w3.org/2000/svg"
FIRST: Final = 4  # place among the elements of a picture: after its title, description, font and paper
FITTED: Final = 0.55  # of its height on a page, for a chart that is drawn for the room there is
FITTED_NARROW: Final = 0.7  # the same on a phone, whose picture may grow
_RANDOM: Final = re.compile(r"defs-([0-9a-f]{6})")
# Signs of a key that the font lacks, drawn like their marks: strokes, in hundredths of the lettering.
SIGNS: Final = {
    "⊥": "M8 82H92M50 82V12",
    "⊤": "M8 18H92M50 18V88",
    "❙": "M50 8V92",
    "━": "M4 56H96",
    "▮": "M50 12V88",
    "▯": "M50 12V88",
}
_THICK: Final = {"❙": 26, "▮": 56, "▯": 56}  # strokes; others have 12
_PALE: Final = 0.35  # as columns are drawn that a key calls pale
_RUNS: Final = re.compile(f"[{''.join(SIGNS)}]|[^{''.join(SIGNS)}]+")
_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}\b")


def draw_chart(exhibit: Exhibit, facts: FileProvenance, size: Size, dark: bool = False) -> etree._Element:
    """The picture as an SVG element of the size's pixels. `exhibit` has a figure."""
    narrow = exhibit.narrow if size.width / size.scale < BRIEF else None
    figure = narrow if narrow is not None and exhibit.fit is None else exhibit.figure
    wanted = None if exhibit.fit is None else FITTED * _find_height(figure)
    if wanted is not None and narrow is not None and size.width < size.height / 1.1:
        wanted = FITTED_NARROW * _find_height(narrow)
    if exhibit.fit is not None:  # it says by itself how it is read, and which events it marks
        facts = replace(facts, key=(), events=())
    chosen = plan(facts, size, _find_height(figure), wanted)
    asked = any(key == "event" and value for key, value in facts.options)
    if facts.events and not asked and chosen.height * chosen.scale > size.height:
        figure, facts = remove_events(figure), replace(facts, events=())
        chosen = plan(facts, size, _find_height(figure), wanted)
    left, top, width, height = chosen.chart
    if exhibit.fit is not None:
        figure = exhibit.fit(width - 2 * chosen.pad, height)
        left, width = chosen.pad, width - 2 * chosen.pad
    else:
        left, width = chosen.pad - EDGE, width - 2 * (chosen.pad - EDGE)
    root = draw_page(facts, size, chosen, dark)
    drawn = draw_plot(figure, facts.title, round(width), round(height), dark)
    drawn.set("x", f"{left:g}")
    drawn.set("y", f"{top:g}")
    root.insert(FIRST, drawn)
    return root


EDGE: Final = 8.0  # pixels that a chart of a page keeps free at its sides


def draw_page(facts: FileProvenance, size: Size, chosen: Plan, dark: bool = False) -> etree._Element:
    """The picture with all its lines, and room for what it is to show."""
    root = make_element(
        "svg",
        width=size.width,
        height=round(chosen.height * chosen.scale),
        viewBox=f"0 0 {chosen.width:g} {chosen.height:g}",
    )
    root.set("role", "img")
    root.set("lang", facts.language)
    _add_text(root, "title", f"{facts.situation_name}. {facts.title}")
    _add_text(root, "desc", f"{facts.summary} {facts.source}")
    _add_text(root, "style", write_face())
    root.append(make_element("rect", width="100%", height="100%", fill=PAPER))
    for blocks, left, top in chosen.texts:
        write_blocks(root, blocks, left, top)
    for block, end, top in chosen.signature:
        write_blocks(root, [block], end, top, anchor="end")
    _add_bar(root, chosen.pad, chosen.rule, chosen.width - 2 * chosen.pad, 1, RULE)
    left, foot = chosen.logo
    _add_bar(root, left, foot - LOGO, LOGO * 0.42, LOGO, "#C2512A")
    _add_bar(root, left + LOGO * 0.58, foot - LOGO * 0.58, LOGO * 0.42, LOGO * 0.58, "#1B7F8C")
    if dark:
        for element in root:
            for name in {"fill", "stroke"} & set(element.attrib):
                element.set(name, DARK.get(element.get(name), element.get(name)))
    return root


def _add_bar(root: etree._Element, left: float, top: float, width: float, height: float, fill: str) -> None:
    place = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
    root.append(make_element("rect", **place, fill=fill))


def _find_height(figure: go.Figure) -> float:
    return float(figure.layout.height or 450)


def remove_events(figure: go.Figure) -> go.Figure:
    """The figure without its numbered marks, for a picture too small to say what the numbers mean."""
    plain = go.Figure(figure)
    depth = max((float(each.yshift) for each in figure.layout.annotations if each.hovertext), default=0.0)
    plain.layout.annotations = [each for each in figure.layout.annotations if not each.hovertext]
    plain.layout.shapes = [
        each for each in figure.layout.shapes if not (each.type == "line" and each.yref == "paper")
    ]
    if depth and plain.layout.margin.t is not None:
        plain.layout.margin.t = max(plain.layout.margin.t - depth, 34)
        plain.layout.height = _find_height(figure) - depth
    return plain


def write_blocks(
    root: etree._Element, blocks: Sequence[Text], left: float, top: float, anchor: str = "start"
) -> None:
    """Blocks one below the other, from the left, or up to there."""
    for block in blocks:
        for number, line in enumerate(block.lines):
            baseline = top + block.size + number * block.size * block.leading
            at = left
            for run in _RUNS.findall(line):
                space = measure_width(run[: len(run) - len(run.lstrip())], block.size, block.weight)
                root.append(_write_run(run.strip(), block, at + space, baseline, anchor))
                at += measure_width(run, block.size, block.weight)
        top += block.height


def _write_run(run: str, block: Text, left: float, baseline: float, anchor: str) -> etree._Element:
    """Words as text, a sign that the font lacks as strokes."""
    if run in SIGNS:
        size = block.size / 100
        place = f"translate({left:.1f} {baseline - 86 * size:.1f}) scale({size:g})"
        stroke = {"stroke": block.colour, "stroke-width": _THICK.get(run, 12), "fill": "none"}
        pale = {"stroke-opacity": _PALE} if run == "▯" else {}
        return make_element("path", d=SIGNS[run], transform=place, **stroke, **pale)
    text = make_element("text", x=f"{left:g}", y=f"{baseline:.1f}", fill=block.colour)
    if anchor != "start":
        text.set("text-anchor", anchor)
    text.set("font-family", FAMILY)
    text.set("font-size", f"{block.size:g}")
    text.set("font-weight", str(block.weight))
    text.text = run
    return text


def draw_plot(figure: go.Figure, title: str, width: int, height: int, dark: bool = False) -> etree._Element:
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
    if dark:
        text = _HEX.sub(lambda found: DARK.get(found[0].upper(), found[0]), text)
    drawn = chromium.draw_svg(text, width, height)
    own = (
        "c" + provenance.hash_content(f"{title} {width} {height}".encode())[:7]
    )  # two on one page are told apart
    found = _RANDOM.search(drawn.decode())
    if found is not None:
        drawn = drawn.replace(found.group(1).encode(), own.encode())
    return etree.fromstring(etree.canonicalize(drawn.decode()))  # attributes come in any order


def make_element(name: str, **attributes: object) -> etree._Element:
    """An element of SVG."""
    return etree.Element(
        f"{{{SVG}}}{name}", {key: str(value) for key, value in attributes.items()}, nsmap={None: SVG}
    )


def _add_text(root: etree._Element, name: str, text: str) -> None:
    said = make_element(name)
    said.text = text
    root.append(said)
