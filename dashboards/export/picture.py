"""A chart, or a table, with all its lines inside one picture: an SVG document of our own.

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

from dashboards.charts.theme import Size
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import chromium, provenance, table_data
from dashboards.export.layout import (
    FAMILY,
    INK,
    LEADING,
    PAD,
    SMALL,
    Plan,
    Text,
    measure_width,
    plan,
    wrap_text,
)
from dashboards.export.provenance import FileProvenance
from dashboards.i18n.rich_text import Cell, Link, Run
from dashboards.i18n.translations import read_words

SVG: Final = "http://www.w3.org/2000/svg"
PAPER: Final = "#ffffff"
FIRST: Final = 3  # place among the elements of a picture: after its title, description and paper
EVENTS_FROM: Final = 0.75  # of the largest lettering; where smaller would be needed, events are left out
_RANDOM: Final = re.compile(r"defs-([0-9a-f]{6})")


def draw_chart(exhibit: Exhibit, facts: FileProvenance, size: Size) -> etree._Element:
    """The picture as an SVG element of the size's pixels. `exhibit` has a figure."""
    figure = exhibit.figure if size.beside else exhibit.narrow or exhibit.figure
    chosen = plan(facts, size, _find_height(figure))
    if (
        chosen.scale < size.largest * EVENTS_FROM
        and facts.events
        and not any(key == "event" and value for key, value in facts.options)
    ):
        figure, facts = remove_events(figure), replace(facts, events=())
        chosen = plan(facts, size, _find_height(figure))
    left, top, width, height = chosen.chart
    root = draw_page(facts, size, chosen)
    drawn = draw_plot(figure, facts.title, round(width), round(height))
    drawn.set("x", f"{left:g}")
    drawn.set("y", f"{top:g}")
    root.insert(FIRST, drawn)
    return root


def draw_page(facts: FileProvenance, size: Size, chosen: Plan) -> etree._Element:
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
    root.append(make_element("rect", width="100%", height="100%", fill=PAPER))
    for blocks, text_left, text_top in chosen.texts:
        write_blocks(root, blocks, text_left, text_top)
    return root


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
    root: etree._Element, blocks: Sequence[Text], left: float, top: float, end: float | None = None
) -> None:
    """Blocks one below the other, from the left; with an `end`, up to there."""
    for block in blocks:
        for number, line in enumerate(block.lines):
            baseline = top + block.size + number * block.size * LEADING
            x = left if end is None else end
            text = make_element("text", x=f"{x:g}", y=f"{baseline:.1f}", fill=block.colour)
            if end is not None:
                text.set("text-anchor", "end")
            text.set("font-family", FAMILY)
            text.set("font-size", f"{block.size:g}")
            if block.bold:
                text.set("font-weight", "bold")
            text.text = line
            root.append(text)
        top += block.height


def draw_plot(figure: go.Figure, title: str, width: int, height: int) -> etree._Element:
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


ROWS: Final = 40  # of a picture at most, however large it is
BETWEEN: Final = 10  # pixels between two columns
ABOVE: Final = 4  # pixels above and below the text of a row
WIDEST: Final = 0.34  # of the table, for one column; longer texts take more lines
LETTERING: Final = 0.7  # of the largest, which a chart has: a table is read, not seen
RULE: Final = "#d8d3cd"
Lines = list[list[str]]  # of each cell of a row


def draw_table(exhibit: Exhibit, facts: FileProvenance, size: Size) -> etree._Element:
    """The picture as an SVG element of the size's pixels. `exhibit` has rows."""
    columns = range(len(exhibit.heads))
    rows = [[_flatten_cell(cell) for cell in row] for row in exhibit.rows[:ROWS]]
    chosen = plan(facts, replace(size, largest=size.largest * LETTERING), 0)
    root = draw_page(facts, size, chosen)
    left, top, width, height = chosen.chart
    left, width = left + PAD, width - 2 * PAD
    widths = _divide_widths([list(exhibit.heads), *rows], width)
    heads = [wrap_text(text, SMALL, widths[n], bold=True) for n, text in enumerate(exhibit.heads)]
    below = top + height - _measure_height([[""]])  # kept for the line that says how many more
    at = _draw_row(root, heads, exhibit, widths, left, top, bold=True)
    shown = 0
    for row in rows:
        lines = [wrap_text(row[n], SMALL, widths[n]) for n in columns]
        if at + _measure_height(lines) > below:
            break
        at = _draw_row(root, lines, exhibit, widths, left, at)
        shown += 1
    whole = len(exhibit.rows) if exhibit.whole is None else table_data.collect_rows(exhibit).height
    if whole > shown:
        more = read_words(facts.language).plural("export.more_rows", whole - shown)
        write_blocks(root, [Text((more,), SMALL, INK, bold=True)], left, at + ABOVE)
    return root


def _flatten_cell(cell: Cell) -> str:
    """The text of a cell; its parts one after the other."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, Run):
        return "".join(part if isinstance(part, str) else part.text for part in cell.parts)
    return "; ".join(map(_flatten_cell, cell))


def _divide_widths(rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Of the columns: their longest words, and of what is left the more the longer their texts are."""
    columns = list(zip(*rows, strict=True))
    words = [max(_measure(word) for text in column for word in text.split() or [""]) for column in columns]
    texts = [min(max(map(_measure, column)), width * WIDEST) for column in columns]
    free = width - BETWEEN * (len(columns) - 1)
    if sum(words) >= free:
        return [each * free / sum(words) for each in words]
    wanted = [max(text - word, 1) for text, word in zip(texts, words, strict=True)]
    share = (free - sum(words)) / sum(wanted)
    return [word + each * share for word, each in zip(words, wanted, strict=True)]


def _measure(text: str) -> float:
    return measure_width(text, SMALL, bold=True)


def _measure_height(lines: Lines) -> float:
    return max(len(each) for each in lines) * SMALL * LEADING + 2 * ABOVE


def _draw_row(
    root: etree._Element,
    lines: Lines,
    exhibit: Exhibit,
    widths: Sequence[float],
    left: float,
    top: float,
    bold: bool = False,
) -> float:
    """One row with a rule below it; where the next one begins."""
    x = left
    for column, texts in enumerate(lines):
        block = Text(tuple(texts), SMALL, INK, bold)
        end = x + widths[column] if column in exhibit.numeric else None
        write_blocks(root, [block], x, top + ABOVE, end)
        x += widths[column] + BETWEEN
    bottom = top + _measure_height(lines)
    root.append(
        make_element("rect", x=f"{left:g}", y=f"{bottom:.1f}", width=f"{x - BETWEEN - left:.1f}", height=1)
    )
    root[-1].set("fill", RULE)
    return bottom
