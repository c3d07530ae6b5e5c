"""Where the lines and the chart of a picture go: the largest lettering that leaves room for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.exports.imprint import Imprint, short
from dashboards.exports.lettering import wrapped
from dashboards.exports.sizes import Size
from dashboards.words import words_of

INK, SOFT = "#1d1b19", "#55504b"
PAD: Final = 14
TITLE: Final = 18
SMALL: Final = 11.5
LEADING: Final = 1.3
COLUMN: Final = 0.35  # of the width, for the text beside a chart
LEAST: Final = 0.66  # of the height that a chart has on a page, in the largest lettering
MANY_ROWS: Final = 700  # a chart that is higher on a page has rows of text, which cannot be pressed together
STEPS: Final = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of the largest lettering


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
