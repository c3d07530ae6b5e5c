"""Announcements as bars: the outline is what was announced, below it what was verified by each day told.

All bars have one scale from zero, and none is cut at what was announced: what was verified after it may have
other causes. A range is filled up to what is certain and hatched up to what is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.fonts import BOLD, SEMIBOLD, measure_width, wrap_text
from dashboards.charts.pixel_bars import PixelBars
from dashboards.charts.theme import GRID, INK, LETTERS, PALETTE, SOFT

PRESSED: Final = 0.66  # of the height that all take, what a picture of a phone leaves of it
WIDTH, PHONE = 780.0, 324.0  # pixels that it takes of a page, and of a phone
ROW, LEAST_ROW, MOST_ROW = 21.0, 17.0, 26.0  # pixels of a bar and the space below it
GAP: Final = 15.0  # pixels between two announcements
KEY, SWATCH = 30.0, 10.0  # pixels of the key, and of its bars' height
NAMES: Final = 0.21  # of the width, for who announced it and when
TEXT, DAY = 12.5, 14.0  # pixels of the letters
RELEASED: Final = PALETTE[1]
HATCHED: Final[dict[str, Any]] = {
    "color": "rgba(27,127,140,0.16)",
    "line": {"color": RELEASED, "width": 1},
    "pattern": {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": RELEASED},
}
OUTLINE: Final[dict[str, Any]] = {"color": GRID, "line": {"color": SOFT, "width": 1.2}}
FILLED: Final[dict[str, Any]] = {"color": RELEASED, "line": {"width": 0}}


@dataclass(frozen=True)
class Verified:
    """What was verified by a day, in people: bounds (None: no figure gives one), and its words."""

    low: int | None
    high: int | None
    told: str

    @property
    def reach(self) -> int:
        """The highest number that is drawn of it."""
        return max(self.low or 0, self.high or 0)


@dataclass(frozen=True)
class Announcement:
    """One announcement: its day, who made it, its number in people and in words, what was verified later,
    and what must be read beside the number.
    """

    day: str
    organisation: str
    announced: int
    told: str
    verified: tuple[Verified, ...]
    hover: str
    claim_id: str
    note: str = ""


@dataclass(frozen=True)
class BarsKey:
    """What the three kinds of bars mean, and what stands below all of them."""

    announced: str
    certain: str
    possible: str
    foot: str = ""


def draw_announcements(
    announcements: Sequence[Announcement], key: BarsKey, width: float = WIDTH, height: float = 0
) -> go.Figure:
    """The figure of so many pixels, the first announcement on top; height 0 takes what all of them need.

    Where the height is too little for all, the first ones that fit are drawn. A picture takes its height from
    a page's figure, which is never lower than the first announcement is on a phone.
    """
    if not height:
        phone = _Bars(PHONE, 0)
        least = phone.measure(announcements[:1], key, LEAST_ROW)
        bars = _Bars(width, NAMES * width)
        pressed = bars.measure(announcements, key, LEAST_ROW) / PRESSED if bars.narrow else 0.0
        height = max(bars.measure(announcements, key, ROW), least, pressed)
    return _Bars(width, NAMES * width).draw(announcements, key, height)


class _Bars(PixelBars):
    """One drawing in the making."""

    def draw(self, announcements: Sequence[Announcement], key: BarsKey, height: float) -> go.Figure:
        """The figure, from the key down."""
        shown = list(announcements)
        while len(shown) > 1 and self.measure(shown, key, LEAST_ROW) > height:
            shown.pop()
        row = MOST_ROW
        while row > LEAST_ROW and self.measure(shown, key, row) > height:
            row -= 0.25
        self.scale = self._find_scale(shown)
        top = self._write_key(key, shown)
        for each in shown:
            top = self._put(each, top, row) + GAP
        for place, line in enumerate(self._wrap_foot(key)):
            self.write(line, 0, top + (place + 0.5) * TEXT * 1.35, TEXT, SOFT)
        return self.make_figure(height)

    def measure(self, announcements: Sequence[Announcement], key: BarsKey, row: float) -> float:
        """Pixels that the key and announcements take with bars of so many pixels."""
        rows = sum(self._measure_rows(each, row) for each in announcements)
        above = sum(self._measure_heading(each) for each in announcements)
        lines = len(self._wrap_foot(key))
        foot = GAP + lines * TEXT * 1.35 if lines else 0.0
        apart = GAP * (len(announcements) - 1)
        return self._place_key(key, announcements)[1] + rows + above + apart + foot + 4

    def _wrap_foot(self, key: BarsKey) -> list[str]:
        return wrap_text(key.foot, TEXT, self.width - 4) if key.foot else []

    def _measure_rows(self, each: Announcement, row: float) -> float:
        """Pixels of an announcement's bars, or of its words beside them where these are higher."""
        bars = (1 + len(each.verified)) * row + self._measure_note(each)
        beside = 0.0 if self.narrow else row / 2 + (len(self._wrap_heading(each)) - 0.4) * TEXT * 1.35
        return max(bars, beside)

    def _measure_note(self, each: Announcement) -> float:
        """Pixels of its note on a phone, where it has a line of its own."""
        return TEXT * 1.4 if self.narrow and each.note else 0.0

    def _measure_heading(self, announcement: Announcement) -> float:
        return len(self._wrap_heading(announcement)) * DAY * 1.25 if self.narrow else 0.0

    def _wrap_heading(self, each: Announcement) -> list[str]:
        if not self.narrow:
            return [f"<b>{each.day}</b>", *wrap_text(each.organisation, TEXT, self.left - 14)]
        if measure_width(f"{each.day} · {each.organisation}", DAY, BOLD) <= self.width:
            return [f"<b>{each.day}</b> · {each.organisation}"]
        return [f"<b>{each.day}</b>", each.organisation]

    def _find_scale(self, announcements: Sequence[Announcement]) -> float:
        """Pixels of a person: the most that leaves room for the words at each bar's end."""
        notes = ["" if self.narrow else each.note for each in announcements]
        ends = [
            (each.announced, f"{each.told} {note}", BOLD)
            for each, note in zip(announcements, notes, strict=True)
        ]
        ends += [(one.reach, one.told, SEMIBOLD) for each in announcements for one in each.verified]
        room = self.width - self.left - 12
        return min(
            (room - measure_width(told, TEXT, weight)) / people for people, told, weight in ends if people
        )

    def _place_key(
        self, key: BarsKey, announcements: Sequence[Announcement]
    ) -> tuple[list[tuple[dict[str, Any], str, float, float]], float]:
        """Marker, text, left and top of the bars that there are; the pixels that all of it takes."""
        verified = [one for each in announcements for one in each.verified]
        kinds = [(OUTLINE, key.announced, True), (FILLED, key.certain, any(one.low for one in verified))]
        kinds.append((HATCHED, key.possible, any(one.high and one.high > (one.low or 0) for one in verified)))
        left, top = self.left, 4.0
        placed = []
        for marker, text in ((marker, text) for marker, text, there in kinds if there):
            wide = 26 + measure_width(text, TEXT)
            if left > self.left and left + wide > self.width:
                left, top = self.left, top + TEXT * 1.5
            placed.append((marker, text, left, top))
            left += wide + 18
        return placed, top + KEY - 4

    def _write_key(self, key: BarsKey, announcements: Sequence[Announcement]) -> float:
        """The key above the bars; the pixels that it takes."""
        placed, high = self._place_key(key, announcements)
        for marker, text, left, top in placed:
            self.draw_bar(left, 18, top + 8, SWATCH, marker)
            self.write(text, left + 24, top + 8, TEXT, SOFT)
        return high

    def _put(self, each: Announcement, top: float, row: float) -> float:
        """One announcement; the pixel down to which it reaches."""
        size = DAY if self.narrow else TEXT
        for place, line in enumerate(self._wrap_heading(each)):
            high = top + (place + 0.5) * size * 1.25 if self.narrow else top + row / 2 + place * size * 1.35
            self.write(line, 0, high, size if place or self.narrow else DAY, INK)
        top += self._measure_heading(each)
        below = top + self._measure_rows(each, row)
        thick = row - 7
        self.draw_bar(self.left, each.announced * self.scale, top + row / 2, thick, OUTLINE)
        note = "" if self.narrow or not each.note else f" <span style='color:{SOFT}'>{each.note}</span>"
        self._write_end(f"<b>{each.told}</b>{note}", each.announced, top + row / 2, INK)
        if self.narrow and each.note:
            self.write(each.note, 0, top + row + TEXT * 0.6, TEXT, SOFT)
        self.touch(self.left + each.announced * self.scale / 2, top + row / 2, each.hover, each.claim_id)
        top += self._measure_note(each)
        for one in each.verified:
            top += row
            low = one.low or 0
            if one.high is not None and one.high > low:
                start = self.left + low * self.scale
                self.draw_bar(start, (one.high - low) * self.scale, top + row / 2, thick, HATCHED)
            self.draw_bar(self.left, low * self.scale, top + row / 2, thick, FILLED)
            self._write_end(one.told, one.reach, top + row / 2, LETTERS.get(RELEASED, RELEASED))
        return below

    def _write_end(self, text: str, people: int, y: float, colour: str) -> None:
        self.write(text, self.left + people * self.scale + (7 if people else 2), y, TEXT, colour)
