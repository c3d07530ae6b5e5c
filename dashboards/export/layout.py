"""The canvas of a picture: where its lines and its chart go, in pixels of a page.

Place line, title (the finding), subtitle, chart, one line of key, a rule, source and whose picture it is.
"""

from dataclasses import dataclass, field
from typing import Final

from dashboards.charts.fonts import BOLD, REGULAR, SEMIBOLD, balance_text, measure_width, wrap_text
from dashboards.charts.theme import INK, SOFT, Size
from dashboards.export.provenance import FileProvenance, shorten_address
from dashboards.i18n.translations import read_words

SQUEEZED: Final = 0.8  # of its height, for a chart that is drawn for the room there is
BRIEF: Final = 560  # pixels of a page below which a subtitle is short
NARROW: Final = 500  # pixels of a page below which a picture is set as on a phone
SMALL: Final = 12.0
LEADING: Final = 1.3
LEAST: Final = 0.66  # of the height that a chart has on a page
MANY_ROWS: Final = 700  # a chart that is higher on a page has rows of text, which cannot be pressed together
FEW_ROWS: Final = 240  # a chart that is lower on a page makes a low picture, and no empty frame
CLOSER: Final = 0.94  # of the lettering of a wide picture, before it is made higher: 13 pixels at least
LOGO: Final = 12.0  # pixels of its height


@dataclass(frozen=True)
class Text:
    """One block of lines, its size in pixels, its colour and weight."""

    lines: tuple[str, ...]
    size: float
    colour: str = SOFT
    weight: int = REGULAR
    leading: float = LEADING

    @property
    def height(self) -> float:
        """Pixels that the block takes, the space below included."""
        return len(self.lines) * self.size * self.leading + self.size * 0.3 if self.lines else 0


@dataclass(frozen=True)
class Plan:
    """Where everything goes, in pixels before enlargement."""

    scale: float
    width: float
    height: float
    pad: float
    texts: tuple[tuple[tuple[Text, ...], float, float], ...]  # blocks, left, top
    signature: tuple[tuple[Text, float, float], ...]  # texts that end where they stand, and their top
    logo: tuple[float, float]  # left, foot
    rule: float
    chart: tuple[float, float, float, float] = field(default=(0, 0, 0, 0))  # left, top, width, height


def plan(facts: FileProvenance, size: Size, natural: float, wanted: float | None = None) -> Plan:
    """The largest lettering that leaves the chart enough room; `natural` is its height on a page.

    `wanted` is what it needs at least, where it can be drawn for any room. Where even the smallest lettering
    leaves too little, the picture is made higher than its size, not less legible: what is seen on a phone
    keeps its 24 pixels of 720.
    """
    least = wanted if wanted is not None else natural * (1 if natural > MANY_ROWS else LEAST)
    if wanted is not None and size.width > size.height / 1.1:
        least *= SQUEEZED  # a square keeps its height
    found = _plan_at_scale(facts, size, size.scale)
    if found.chart[3] < least and size.width / size.scale > BRIEF:
        found = _plan_at_scale(facts, size, size.scale * CLOSER)
    if found.chart[3] < least:
        return _plan_at_scale(facts, size, found.scale, least - found.chart[3])
    if natural < FEW_ROWS:
        return _plan_at_scale(facts, size, found.scale, natural - found.chart[3])
    return found


def _plan_at_scale(facts: FileProvenance, size: Size, scale: float, more: float = 0) -> Plan:
    width, height = size.width / scale, size.height / scale + more
    pad = 18.0 if width < NARROW else 40 / 1200 * width if width > 800 else 20.0
    inner = width - 2 * pad
    head = _make_head(facts, inner)
    top = pad * 0.75 + sum(block.height for block in head)
    name = Text((facts.project,), 14.5, INK, BOLD)
    licence = Text((f"{facts.licence} · {facts.build}",), SMALL)
    name_end = width - pad - measure_width(licence.lines[0], SMALL) - 8
    logo_left = name_end - measure_width(facts.project, 14.5, BOLD) - 6 - LOGO
    beside = width > BRIEF  # else the signature has a line of its own
    foot = _make_foot(facts, logo_left - pad - 24 if beside else inner)
    bottom = height - pad * 0.55
    last = bottom - SMALL * LEADING  # top of the last line, which the signature stands in
    foot_top = bottom - len(foot.lines) * SMALL * LEADING - (0 if beside else SMALL * 1.6)
    rule = foot_top - 7
    reading = _make_reading(facts, inner)
    middle = rule - sum(block.height for block in reading) - (4 if reading else 2)
    texts = ((head, pad, pad * 0.75), (reading, pad, middle), ((foot,), pad, foot_top))
    return Plan(
        scale,
        width,
        height,
        pad,
        texts,
        ((name, name_end, last - 2.5), (licence, width - pad, last)),
        (logo_left, last + SMALL),
        rule,
        (0.0, top, width, middle - top),
    )


def _make_head(facts: FileProvenance, width: float) -> tuple[Text, ...]:
    large = 20.0 if width < NARROW else 27.0
    lines, fewer = (len(wrap_text(facts.title, size, width, BOLD)) for size in (large, large * 0.9))
    large *= 0.9 if fewer < lines or lines > 2 else 1
    title = tuple(balance_text(facts.title, large, width, BOLD))
    return (
        Text((facts.place or facts.situation_name,), 12.8, SOFT, SEMIBOLD),
        Text(title, large, INK, BOLD, 1.14),
        Text(tuple(balance_text(facts.brief if width < BRIEF else facts.subtitle, 14.5, width)), 14.5),
    )


def _make_reading(facts: FileProvenance, width: float) -> tuple[Text, ...]:
    words = read_words(facts.language)
    events = f"{words('export.events')}: " + " · ".join(facts.events) if facts.events else ""
    blocks = [_make_block(" · ".join(facts.key), width), _make_block(events, width)]
    return tuple(block for block in blocks if block.lines)


def _make_foot(facts: FileProvenance, width: float) -> Text:
    """Source and address."""
    said = [facts.source, shorten_address(facts.address)]
    return Text(tuple(line for each in said for line in balance_text(each, SMALL, width)), SMALL)


def _make_block(text: str, width: float) -> Text:
    return Text(tuple(wrap_text(text, SMALL, width)), SMALL)
