"""Totals that may be subtracted, a pair each: both as bars on one scale, their day and start, how far apart.

What may not be subtracted is counted below in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, measure_width, wrap_text
from dashboards.charts.pixel_bars import PixelBars
from dashboards.charts.theme import INK, LETTERS, SOFT, Look

WIDTH, HEIGHT = 780.0, 585.0  # pixels that it takes of a page; a narrow one needs as much for all pairs
ROW, LEAST_ROW, MOST_ROW = 24.0, 13.5, 32.0  # pixels of a bar and the space below it
GAP, TOP = 14.0, 10.0  # pixels between two pairs, and above the first
PRESSED: Final = 0.7  # of the height that all pairs take, what a picture of a phone leaves of it
DAYS, APART = 0.2, 0.8  # of the width: where bars begin, and where how far apart stands
TEXT, LINE, LARGE = 12.5, 17.0, 17.0  # pixels of letters, of a line of them, of what stands out


@dataclass(frozen=True)
class ComparedSide:
    """One total of a pair: people, its number and its name in words, its look, the claim behind it."""

    people: int
    number: str
    name: str
    look: Look
    claim_id: str


@dataclass(frozen=True)
class ComparedPair:
    """Two totals: their day or days, their start, how far apart they are.

    `dated` where their days differ: each side's name ends in its own. The higher its `rank`, the sooner it
    gives way.
    """

    days: str
    start: str
    sides: tuple[ComparedSide, ComparedSide]
    apart: str
    dated: bool = False
    rank: int = 0


def draw_compared(
    pairs: Sequence[ComparedPair], notes: Sequence[str], width: float = WIDTH, height: float = HEIGHT
) -> go.Figure:
    """The figure of so many pixels, the first pair on top and `notes` below; height 0 takes what all need.

    Where the height is too little for all, those of lowest rank that fit are drawn.
    """
    return _Pairs(width, DAYS * width).draw(pairs, notes, height)


class _Pairs(PixelBars):
    """One drawing in the making."""

    def draw(self, pairs: Sequence[ComparedPair], notes: Sequence[str], height: float) -> go.Figure:
        """The figure, pair by pair."""
        shown = list(pairs)
        foot = [line for note in notes for line in wrap_text(note, TEXT, self.width - 4)]
        below = len(foot) * LINE + GAP / 2
        needed = [self._measure(shown, row) + below for row in (ROW, LEAST_ROW)]
        height = height or max(needed[0], needed[1] / PRESSED)
        while len(shown) > 1 and self._measure(shown, LEAST_ROW) + below > height:
            shown.remove(max(shown, key=lambda pair: pair.rank))
        spare = (height - below - self._measure(shown, ROW)) / (2 * len(shown))
        row = min(max(ROW + spare, LEAST_ROW), MOST_ROW)
        spare = (height - below - self._measure(shown, row)) / len(shown)
        self.scale = self._find_scale(shown)
        top = TOP
        for pair in shown:
            top = self._put(pair, top, row) + GAP + spare
        for place, line in enumerate(foot):
            self.write(line, 0, height - below + GAP / 2 + (place + 0.5) * LINE, TEXT, SOFT)
        return self.make_figure(height)

    def _measure(self, pairs: Sequence[ComparedPair], row: float) -> float:
        head = LINE if self.narrow else 0.0
        return TOP + (2 * row + head + GAP) * len(pairs)

    def _find_scale(self, pairs: Sequence[ComparedPair]) -> float:
        """Pixels of a person: the most that leaves room for number and name at each bar's end."""
        room = (self.width if self.narrow else APART * self.width) - self.left - 16
        sides = [side for pair in pairs for side in pair.sides if side.people]
        return min(
            (room - measure_width(f"{side.number} {side.name}", TEXT, BOLD)) / side.people for side in sides
        )

    def _put(self, pair: ComparedPair, top: float, row: float) -> float:
        """One pair; the pixel down to which it reaches."""
        if self.narrow:
            apart = pair.apart[:1].upper() + pair.apart[1:] if pair.dated else f"{pair.days}: {pair.apart}"
            told = f"<b>{apart}</b>, {pair.start}"
            self.write(told, 0, top + LINE / 2 - 2, TEXT, INK)
            top += LINE
        else:
            self.write(f"<b>{pair.days}</b>", 0, top + row / 2, TEXT + 0.5, INK)
            self.write(pair.start, 0, top + row * 1.5, TEXT, SOFT)
            self.write(f"<b>{pair.apart}</b>", APART * self.width, top + row, LARGE, INK)
        for side in pair.sides:
            self._draw_side(side, top + row / 2, row - 5)
            top += row
        return top

    def _draw_side(self, side: ComparedSide, y: float, thick: float) -> None:
        long, colour = side.people * self.scale, side.look.colour
        marker: dict[str, Any] = {"color": colour, "line": {"width": 0}}
        self.draw_bar(self.left, long, y, thick, marker)
        self.write(
            f"<b>{side.number}</b> {side.name}", self.left + long + 7, y, TEXT, LETTERS.get(colour, colour)
        )
        self.touch(self.left + long / 2, y, f"<b>{side.number}</b> · {side.name}", side.claim_id)
