"""Of weekly columns the one count that spans weeks: a block over its days, with its people and days in it."""

from dataclasses import dataclass
from datetime import date

from dashboards.charts.fonts import SEMIBOLD, balance_text, measure_width
from dashboards.charts.label_places import Box
from dashboards.charts.story_canvas import LINE, TEXT, Canvas
from dashboards.charts.theme import INK


@dataclass(frozen=True)
class Block:
    """Its first and last day, people a week (below zero a fall), what is said when it is touched, and what
    stands at it. Where there is no room for that, `foot` is said below the columns, and `short` stands there.
    `other`: people a week by counts that contradict it. `limit`: as of a week (week_columns.WEEK_SCHEMA).
    """

    first: date
    last: date
    people: float
    hover: str
    text: str
    short: str = ""
    foot: str = ""
    other: float | None = None
    limit: str = ""


def write_block(canvas: Canvas, text: str, place: tuple[float, float, float, float]) -> bool:
    """Write a text in a block or beyond its end; whether there is room. `place`: left, right, foot, tip."""
    left, right, foot, tip = place
    told = balance_text(text, TEXT, right - left - 8, SEMIBOLD)
    half = max((measure_width(line, TEXT, SEMIBOLD) for line in told), default=0.0) / 2
    if len(told) > 2 or 2 * half > right - left - 8:
        return False
    tall = len(told) * LINE / 2
    out, middle = 1 if tip > foot else -1, (left + right) / 2
    inside = [(foot + tip) / 2, foot + out * (tall + 3)] if abs(tip - foot) > 2 * tall + 6 else []
    for y in [*inside, *(tip + out * (tall + away) for away in range(4, 52, 4))]:
        box = Box(middle - half, y - tall + 1, middle + half, y + tall - 1)
        crossed = canvas.ground.count_crossing(box.grow(2)) > 0
        if not (crossed if y in inside else canvas.ground.count_faults(box) >= 1):
            break
    else:
        return False
    canvas.ground.boxes.append(box)
    for number, line in enumerate(told):
        top = y - tall + number * LINE + (LINE - 1.3 * TEXT) / 2
        canvas.write(line, middle, top, TEXT, INK, "center", font={"weight": SEMIBOLD})
    return True
