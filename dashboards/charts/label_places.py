"""Where a label goes that must touch no line, mark or other label: boxes and segments in pixels of a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Segment = tuple[float, float, float, float]  # x, y of both ends; y grows downwards
CLEAR: Final = 3.0  # pixels kept free around a label


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def grow(self, by: float) -> "Box":
        """The same, larger on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def find_distance(self, x: float, y: float) -> float:
        """Pixels from its nearest edge to a place; 0 inside."""
        return hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))

    def meets(self, other: "Box") -> bool:
        """Whether both have a part in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_within(self, other: "Box") -> bool:
        """Whether no part of it is outside of the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def is_crossed(self, segment: Segment) -> bool:
        """Whether a segment has a part inside (Liang and Barsky's clipping)."""
        x, y, dx, dy = segment[0], segment[1], segment[2] - segment[0], segment[3] - segment[1]
        start, end = 0.0, 1.0
        for step, room in (
            (-dx, x - self.left),
            (dx, self.right - x),
            (-dy, y - self.top),
            (dy, self.bottom - y),
        ):
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                start = max(start, room / step)
            else:
                end = min(end, room / step)
        return start <= end


class _Extents:
    """How far boxes or segments reach: of hundreds only those near a place are looked at one by one."""

    def __init__(self) -> None:
        self.known: NDArray[np.float64] = np.empty((0, 4))  # a row each: least x and y, most x and y

    def find(self, box: Box, each: Sequence[Box] | Sequence[Segment]) -> Iterator[int]:
        """Which of them reach a box. They only become more from one time to the next."""
        if len(self.known) < len(each):
            new = np.array(each[len(self.known) :], dtype=float).reshape(-1, 2, 2)  # two corners each
            self.known = np.vstack((self.known, np.hstack((new.min(axis=1), new.max(axis=1)))))
        left, top, right, bottom = self.known.T
        reached = (left <= box.right) & (right >= box.left) & (top <= box.bottom) & (bottom >= box.top)
        yield from reached.nonzero()[0].tolist()


@dataclass
class Ground:
    """What is drawn already: labels must keep off `boxes` and `lines`, and rather off `uprights`."""

    bounds: Box
    boxes: list[Box] = field(default_factory=list)
    lines: list[Segment] = field(default_factory=list)
    uprights: list[float] = field(default_factory=list)  # x of lines that give way to a label
    _near_boxes: _Extents = field(default_factory=_Extents, init=False)
    _near_lines: _Extents = field(default_factory=_Extents, init=False)

    def count_faults(self, box: Box) -> float:
        """0 where a box stands free; what lies in the way weighs more than an upright that gives way."""
        near = box.grow(CLEAR)
        faults = 0.0 if box.is_within(self.bounds) else 100.0
        faults += 2.0 * sum(near.meets(self.boxes[each]) for each in self._near_boxes.find(near, self.boxes))
        faults += 1.0 * self.count_crossing(near)
        return faults + 0.1 * sum(near.left < x < near.right for x in self.uprights)

    def count_crossing(self, box: Box) -> int:
        """How many of the lines have a part inside a box."""
        return sum(box.is_crossed(self.lines[each]) for each in self._near_lines.find(box, self.lines))

    def choose(self, places: Sequence[Box]) -> int:
        """The first of the best places; it is taken from now on."""
        faults = [self.count_faults(each) for each in places]
        best = faults.index(min(faults))
        self.boxes.append(places[best])
        return best


def list_places(x: float, y: float, width: float, height: float, gap: float) -> list[tuple[Box, str, str]]:
    """Places around a mark, each with the anchors that hold a label there: above, below, right, left."""
    across = {"left": (x, x + width), "center": (x - width / 2, x + width / 2), "right": (x - width, x)}
    found = []
    for edge, top in (("bottom", y - gap - height), ("top", y + gap)):
        for side in ("center", "right", "left"):
            left, right = across[side]
            found.append((Box(left, top, right, top + height), side, edge))
    for off in (gap, 2 * gap):
        for side, left in (("left", x + off), ("right", x - off - width)):
            found.append((Box(left, y - height / 2, left + width, y + height / 2), side, "middle"))
    return found


def cut_upright(x: float, top: float, bottom: float, boxes: Iterable[Box]) -> list[tuple[float, float]]:
    """The pieces of an upright line that leave every box free."""
    pieces = [(top, bottom)]
    for box in boxes:
        near = box.grow(CLEAR)
        if near.left < x < near.right:
            pieces = [
                (start, end)
                for piece in pieces
                for start, end in (
                    (piece[0], min(piece[1], near.top)),
                    (max(piece[0], near.bottom), piece[1]),
                )
                if end > start
            ]
    return pieces
