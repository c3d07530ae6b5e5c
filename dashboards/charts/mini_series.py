"""A small drawing of one count in time, for beside a text: what fits joined, what is asked about named.

It is a whole SVG of its own, with both themes in it; labels are placed by the room that they take.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

WIDTH, HEIGHT = 400, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 376, 30, 138
_APART: Final = 46  # pixels between two labels of the time axis
_LETTER: Final = 8.2  # pixels of a digit of a value's label
_SILENT: Final = 60  # days without a figure, over which a line is dotted
_STYLE: Final = (
    "text{font:13px 'Source Sans 3',system-ui,sans-serif;fill:#4B4F56}"
    ".v{font-size:15px;font-weight:600;fill:#1E2126}.g{stroke:#DDD7CC}.b{stroke:#8C8678}"
    ".l{fill:none;stroke-width:2;stroke:TONE}.p{fill:TONE}.n{fill:TONE;stroke:TONE;stroke-width:2}"
    ".o{fill:#FFFFFF;stroke:#7A5200;stroke-width:2}.s{stroke-dasharray:1 5;stroke-linecap:round}"
    "@media (prefers-color-scheme:dark){text{fill:#C2BFB8}.v{fill:#ECE9E3}.g{stroke:#363C44}"
    ".b{stroke:#7B828B}.l{stroke:DARK}.p{fill:DARK}.n{fill:DARK;stroke:DARK}.o{fill:#191D22;stroke:#E9BD6E}}"
)
TONES: Final = {
    "held": ("#C1502E", "#EA8560"),
    "left": ("#1C7C8C", "#59B9C7"),
    "other": ("#65686E", "#A6A9AE"),
}


@dataclass(frozen=True)
class Point:
    """One exact figure: whether it stands and fits, and whether the text beside the drawing is about it."""

    day: date
    value: int
    fits: bool
    asked: bool


def draw(
    points: Sequence[Point], *, tone: str, number: Callable[[int], str], tick: Callable[[date], str]
) -> str | None:
    """The drawing as an SVG; None where fewer than three figures or a single day are known."""
    points = sorted(points, key=lambda each: (each.day, each.value))
    if len(points) < 3 or points[0].day == points[-1].day:
        return None
    scale = _Scale.of(points)
    light, dark = TONES[tone]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">',
        f"<style>{_STYLE.replace('TONE', light).replace('DARK', dark)}</style>",
        *(_draw_level(scale, level, number(level)) for level in scale.levels()),
        *_draw_days(scale, points, tick),
        *_draw_lines(scale, [each for each in points if each.fits]),
        *(_draw_mark(scale, each) for each in sorted(points, key=lambda each: each.asked)),
        *_draw_values(scale, points, number),
        "</svg>",
    ]
    return "".join(parts)


@dataclass(frozen=True)
class _Scale:
    first: date
    days: int
    low: int
    high: int
    step: int

    @classmethod
    def of(cls, points: Sequence[Point]) -> "_Scale":
        lowest, highest = min(each.value for each in points), max(each.value for each in points)
        step = _choose_step(max(highest - lowest, 2))
        low, high = floor(lowest / step) * step, ceil(highest / step) * step
        first = points[0].day
        return cls(first, (points[-1].day - first).days, low, max(high, low + step), step)

    def x(self, day: date) -> float:
        return round(_LEFT + 12 + (day - self.first).days / self.days * (_RIGHT - _LEFT - 24), 1)

    def y(self, value: int) -> float:
        return round(_BOTTOM - (value - self.low) / (self.high - self.low) * (_BOTTOM - _TOP), 1)

    def levels(self) -> range:
        return range(self.low, self.high + 1, self.step)


def _choose_step(span: int) -> int:
    """A round step that parts a span into two or three."""
    power = 10 ** floor(log10(span / 2))
    return int(max(1, next(power * each for each in (1, 2, 5, 10) if span / (power * each) <= 3)))


def _draw_level(scale: _Scale, level: int, label: str) -> str:
    y, style = scale.y(level), "b" if level == scale.low else "g"
    return (
        f'<path class="{style}" d="M{_LEFT} {y}H{_RIGHT}"/>'
        f'<text x="{_LEFT - 7}" y="{y + 4}" text-anchor="end">{escape(label)}</text>'
    )


def _draw_days(scale: _Scale, points: Sequence[Point], tick: Callable[[date], str]) -> list[str]:
    """The days of what is asked about and of both ends, those that have room."""
    wanted = [each.day for each in points if each.asked] + [points[0].day, points[-1].day]
    placed: list[date] = []
    for day in dict.fromkeys(wanted):
        if all(abs(scale.x(day) - scale.x(other)) > _APART for other in placed):
            placed.append(day)
    return [
        f'<text x="{scale.x(day)}" y="{_BOTTOM + 20}" text-anchor="middle">{escape(tick(day))}</text>'
        for day in placed
    ]


def _draw_lines(scale: _Scale, line: Sequence[Point]) -> list[str]:
    return [
        f'<path class="{"l s" if (after.day - before.day).days > _SILENT else "l"}" '
        f'd="M{scale.x(before.day)} {scale.y(before.value)}L{scale.x(after.day)} {scale.y(after.value)}"/>'
        for before, after in pairwise(line)
    ]


def _draw_mark(scale: _Scale, point: Point) -> str:
    style = ("n" if point.asked else "p") if point.fits else "o"
    radius = 5 if point.asked else 3
    return f'<circle class="{style}" cx="{scale.x(point.day)}" cy="{scale.y(point.value)}" r="{radius}"/>'


def _draw_values(scale: _Scale, points: Sequence[Point], number: Callable[[int], str]) -> list[str]:
    """The numbers of what is asked about, then of the newest and the first, those that have room."""
    ends = [each for each in (points[-1], points[0]) if each.fits and not each.asked]
    taken = [(scale.x(each.day) - 5, scale.y(each.value) - 5, 10.0, 10.0) for each in points]
    drawn = []
    for point in [*(each for each in points if each.asked), *ends]:
        text = number(point.value)
        width, x, y = _LETTER * len(text), scale.x(point.day), scale.y(point.value)
        for left, middle in (
            (x - width / 2, y - 16),
            (x - width / 2, y + 16),
            (x + 9, y),
            (x - width - 9, y),
        ):
            box = (left, middle - 8, width, 16.0)
            inside = (
                left >= _LEFT - 4 and left + width <= WIDTH and middle - 8 >= 0 and middle + 8 <= _BOTTOM + 4
            )
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                drawn.append(f'<text class="v" x="{left:.1f}" y="{middle + 5:.1f}">{escape(text)}</text>')
                break
    return drawn


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
