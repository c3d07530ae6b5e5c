"""Where the lines and the chart of a picture go, measured by a font that travels with Pillow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import ImageFont

from dashboards.charts.theme import Size
from dashboards.export.provenance import FileProvenance, shorten_address
from dashboards.i18n.translations import read_words

FAMILY: Final = "DejaVu Sans, Verdana, Arial, sans-serif"
# How much wider the family's widest member is than the font that is measured with.
_WIDER: Final = 1.17
_BOLDER: Final = 1.30
_MEASURED_AT: Final = 100
_RARE: Final = 0x250  # letters from here on are not in that font: as wide as they are high
_DASHES: Final = "–—‘’“”…"


@lru_cache(maxsize=1)
def _load_font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_MEASURED_AT)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache(maxsize=65536)  # the same words stand in every size and language
def measure_width(text: str, size: float, bold: bool = False) -> float:
    """No less than the pixels that a text takes."""
    rare = sum(ord(letter) >= _RARE and letter not in _DASHES for letter in text)
    known = _load_font().getlength(
        "".join(letter for letter in text if ord(letter) < _RARE or letter in _DASHES)
    )
    return known * size / _MEASURED_AT * (_BOLDER if bold else _WIDER) + rare * size


def wrap_text(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """A text in lines of at most `width` pixels; a word that is longer alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if measure_width(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while measure_width(line, size, bold) > width and len(line) > 1:
            fits = next(
                n
                for n in range(len(line) - 1, 0, -1)
                if n == 1 or measure_width(line[:n], size, bold) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


INK, SOFT = "#1d1b19", "#55504b"
PAD: Final = 14
TITLE: Final = 18
SMALL: Final = 11.5
LEADING: Final = 1.3
COLUMN: Final = 0.35  # of the width, for the text beside a chart
FEW_LINES: Final = 3  # of text go below a chart in every size, so that wide is wide
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


def plan(facts: FileProvenance, size: Size, natural: float) -> Plan:
    """The largest lettering that leaves the chart enough room; `natural` is its height on a page.

    Where even the smallest leaves too little, the picture is made higher than its size, not less legible.
    """
    long = natural > MANY_ROWS
    wanted = natural * (1 if long else LEAST)
    for step in STEPS:
        found = _plan_at_scale(facts, size, size.largest * step, long)
        if found.room >= 0 and found.chart[3] >= wanted:
            return found
    lacking = max(wanted - found.chart[3], -found.room)
    return _plan_at_scale(facts, size, found.scale, long, lacking)


def _plan_at_scale(facts: FileProvenance, size: Size, scale: float, long: bool, more: float = 0) -> Plan:
    width, height = size.width / scale, size.height / scale + more
    inner = width - 2 * PAD
    head, foot = _make_head(facts, inner), _make_foot(facts, inner)
    top = PAD + _sum_heights(head)
    bottom = height - PAD * 0.6 - _sum_heights(foot)
    reading = _make_reading(facts, inner)
    if size.beside and sum(len(block.lines) for block in reading) > FEW_LINES and not long:
        column = inner * COLUMN
        reading = _make_reading(facts, column, apart=True)
        left = PAD + inner - column
        chart = (0.0, top, left - PAD / 2, bottom - top)
        at = ((head, PAD, PAD), (reading, left, top), (foot, PAD, bottom))
        return Plan(scale, width, height, at, chart, bottom - top - _sum_heights(reading))
    middle = bottom - _sum_heights(reading)
    at = ((head, PAD, PAD), (reading, PAD, middle), (foot, PAD, bottom))
    return Plan(scale, width, height, at, (0.0, top, width, middle - top), 0.0)


def _sum_heights(blocks: Sequence[Text]) -> float:
    return sum(block.height for block in blocks)


def _make_head(facts: FileProvenance, width: float) -> tuple[Text, ...]:
    return (
        _make_block(facts.situation_name, SMALL, width, bold=True),
        _make_block(facts.title, TITLE, width, INK, bold=True),
        _make_block(facts.subtitle, SMALL * 1.15, width),
    )


def _make_reading(facts: FileProvenance, width: float, apart: bool = False) -> tuple[Text, ...]:
    words = read_words(facts.language)
    return (
        _make_items(words("export.key"), facts.key, width, apart),
        _make_items(words("export.events"), facts.events, width, apart),
    )


def _make_foot(facts: FileProvenance, width: float) -> tuple[Text, ...]:
    where = [shorten_address(facts.address)] if facts.address else []
    last = " · ".join((facts.project, *where, facts.licence))
    return (
        _make_block(facts.source, SMALL, width, INK),
        _make_block(last, SMALL, width, INK, bold=True),
    )


def _make_items(head: str, items: Sequence[str], width: float, apart: bool) -> Text:
    """A heading and its items, one after the other in running lines, or each in lines of its own."""
    if not items:
        return Text((), SMALL)
    if not apart:
        return _make_block(f"{head}: " + " · ".join(items), SMALL, width)
    lines = [f"{head}:", *(line for item in items for line in wrap_text(item, SMALL, width))]
    return Text(tuple(lines), SMALL)


def _make_block(text: str, size: float, width: float, colour: str = SOFT, bold: bool = False) -> Text:
    return Text(tuple(wrap_text(text, size, width, bold)), size, colour, bold)
