"""What a person reads off a picture, measured in Chromium: each line of text with its box, lines and marks.

`read_picture(page, drawn)` gives the measures, `list_faults` what an editor would send back, in words.
"""

import re
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import msgspec
from babel import Locale
from lxml import etree
from playwright.sync_api import Page

from dashboards.charts import fonts

LEAST = {
    "wide": 13.0,
    "square": 24.0,
    "phone": 24.0,
    "tall": 24.0,
    "print": 26.0,
}  # pixels of the smallest letters
INK = 0.2  # of a box's height that is above and below its letters
COUNTABLE = 30  # fewer things can be counted in the picture
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
MEASURE = r"""() => {
    const plot = document.querySelector("svg svg"), texts = [], lines = [];
    const turn = (box) => [box.left, box.top, box.right, box.bottom];
    const frame = (svg) => {
        const matrix = svg.parentElement.getScreenCTM(), side = (name) => svg[name].baseVal.value;
        const at = (x, y) => new DOMPoint(x, y).matrixTransform(matrix);
        const start = at(side("x"), side("y"));
        const end = at(side("x") + side("width"), side("y") + side("height"));
        return [start.x, start.y, end.x, end.y];
    };
    const show = (each) => parseFloat(getComputedStyle(each).opacity) > 0.05;
    for (const [block, text] of [...document.querySelectorAll("text")].entries()) {
        if (!show(text)) continue;
        const matrix = text.getScreenCTM(), scale = Math.hypot(matrix.a, matrix.b);
        const rows = [...text.querySelectorAll(":scope > tspan.line")];
        for (const row of rows.length ? rows : [text]) {
            if (!row.textContent.trim()) continue;
            const own = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
            const holds = (each) => [...each.childNodes].some(own);
            const runs = [row, ...row.querySelectorAll("tspan")].filter(holds);
            texts.push({
                text: row.textContent, box: turn(row.getBoundingClientRect()), block,
                plotted: plot.contains(text), turned: Math.abs(matrix.b) > 1e-6,
                pixels: Math.min(...runs.map((run) => parseFloat(getComputedStyle(run).fontSize))) * scale,
            });
        }
    }
    for (const path of plot.querySelectorAll(".js-line, .shapelayer path")) {
        const style = getComputedStyle(path), length = path.getTotalLength(), matrix = path.getScreenCTM();
        if (style.stroke === "none" || !show(path) || !parseFloat(style.strokeWidth)) continue;
        const light = style.stroke.match(/\d+/g).every((each) => each > 200);
        if (light || parseFloat(style.strokeOpacity) < 0.25) continue; // the grid
        const points = [];
        for (let at = 0; at <= length; at += 2 / matrix.a) {
            const point = path.getPointAtLength(at).matrixTransform(matrix);
            points.push([point.x, point.y]);
        }
        lines.push(points);
    }
    const marks = [...plot.querySelectorAll(".points path.point")].filter(show);
    return {texts, lines, marks: marks.map((mark) => turn(mark.getBoundingClientRect())),
        plot: frame(plot)};
}"""
LOADED = "fonts => Promise.all(fonts.map((font) => document.fonts.load(font)))"
OWN_FACE = re.compile("<style>@font-face.*?</style>")
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Line:
    """One line of a text: its box, which text it belongs to, whether it stands in the plot."""

    text: str
    box: Box
    block: int
    plotted: bool
    turned: bool
    pixels: float  # the height of its smallest letters

    @property
    def ink(self) -> Box:
        """The part of the box that letters fill."""
        left, top, right, bottom = self.box
        across, down = (INK * (right - left), 1.0) if self.turned else (1.0, INK * (bottom - top))
        return left + across, top + down, right - across, bottom - down


@dataclass(frozen=True)
class Reading:
    """All that was measured in one picture, in its pixels."""

    texts: list[Line]
    lines: list[list[tuple[float, float]]]  # each drawn line as points two pixels apart
    marks: list[Box]
    plot: Box


def show_picture(page: Page, drawn: etree._Element) -> None:
    """Put a picture on a page that has the font already: to read it again takes longer than the rest."""
    if not page.locator("style#face").count():
        page.set_content(f"<style id=face>{fonts.write_face()}</style><style>body{{margin:0}}</style>")
        weights = (fonts.REGULAR, fonts.SEMIBOLD, fonts.BOLD)
        page.evaluate(LOADED, [f"{weight} 12px '{fonts.NAME}'" for weight in weights])
    svg = OWN_FACE.sub("", etree.tostring(drawn, encoding="unicode"))
    page.evaluate("svg => { document.body.innerHTML = svg; }", svg)


def read_picture(page: Page, drawn: etree._Element) -> Reading:
    """Show a picture and measure it."""
    show_picture(page, drawn)
    return msgspec.convert(page.evaluate(MEASURE), Reading)


def list_faults(reading: Reading, size: str, whole: Box, title: str, language: str) -> list[str]:
    """What is wrong with a picture of this size; `whole` is its canvas, `title` says what it shows."""
    return [
        *(f"{one!r} lies on {other!r}" for one, other in list_overlaps(reading.texts)),
        *(f"{text!r} is cut" for text in list_cut(reading, whole)),
        *(f"{text!r} has {pixels:.1f} pixels" for text, pixels in list_small(reading, LEAST[size])),
        *(f"a line goes through {text!r}" for text in list_crossed(reading)),
        *(f"a mark covers part of {text!r}" for text in list_covered(reading)),
        *(f"{text!r} has a sign that the font lacks" for text in list_strange(reading)),
        *(f"{number} of the title is not on the chart" for number in list_missing(reading, title, language)),
    ]


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def hold(outer: Box, inner: Box) -> bool:
    """Whether a box is inside another, to half a pixel."""
    return all(a - 0.5 <= b for a, b in zip(outer[:2], inner[:2], strict=True)) and all(
        a + 0.5 >= b for a, b in zip(outer[2:], inner[2:], strict=True)
    )


def list_overlaps(texts: list[Line]) -> list[tuple[str, str]]:
    """Lines of different texts that lie on each other."""
    pairs = combinations(texts, 2)
    return [
        (one.text, other.text)
        for one, other in pairs
        if one.block != other.block and touch(one.ink, other.ink)
    ]


def list_cut(reading: Reading, whole: Box) -> list[str]:
    """Lines that leave the canvas, or the plot that they are drawn in."""
    return [
        line.text
        for line in reading.texts
        if not hold(whole, line.ink) or (line.plotted and not hold(reading.plot, line.ink))
    ]


def list_small(reading: Reading, least: float) -> list[tuple[str, float]]:
    """Lines with letters that are too small to read."""
    return [(line.text, line.pixels) for line in reading.texts if line.pixels < least - 0.05]


def list_crossed(reading: Reading) -> list[str]:
    """Lines of text that a drawn line goes through."""
    return [
        line.text
        for line in reading.texts
        if any(touch(line.ink, (x, y, x, y)) for points in reading.lines for x, y in points)
    ]


def list_covered(reading: Reading) -> list[str]:
    """Lines of text that a mark covers in part; a text within its box is labelled by it."""
    return [
        line.text
        for line in reading.texts
        if any(touch(line.ink, mark) and not hold(mark, line.ink) for mark in map(shrink, reading.marks))
    ]


def shrink(box: Box) -> Box:
    """The box without a pixel at each side: the edge of a mark."""
    return box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1


def list_strange(reading: Reading) -> list[str]:
    """Lines with a sign that another font would have to draw."""
    return [
        line.text
        for line in reading.texts
        if not all(sign.isspace() or fonts.has_sign(sign) for sign in line.text)
    ]


def list_missing(reading: Reading, title: str, language: str) -> list[str]:
    """The headline number, the first of the title that is no small count, if it is not on the chart."""
    number = next((each for each in find_numbers(title, language) if _value(each) >= COUNTABLE), None)
    said = {each for line in reading.texts if line.plotted for each in NUMBER.findall(line.text)}
    return [] if number is None or number in said else [number]


def find_numbers(title: str, language: str) -> list[str]:
    """The numbers of a title in its order, without days and years."""
    months = {name.rstrip(".") for form in ("wide", "abbreviated") for name in _months(language, form)}
    names = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    day = rf"(?:\d+ (?:de )?)?\b(?:{names})\b\.?(?: (?:de )?\d{{4}})?|\b20\d\d\b"
    return NUMBER.findall(re.sub(day, " ", title))


def _months(language: str, form: str) -> list[str]:
    names: Any = Locale(language).months["format"][form]
    return [str(name) for name in names.values()]


def _value(number: str) -> float:
    whole = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number)
    return float(whole.replace(",", "."))
