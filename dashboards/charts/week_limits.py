"""Of weekly columns what is no one number: the least, what nobody knows, what other counts contradict."""

from typing import Final

from dashboards.charts.label_places import Box
from dashboards.charts.story_canvas import Canvas

OPEN: Final = 16.0  # pixels of a box about zero
_DASH: Final = "4px,3px"

Place = tuple[float, float, float, float]  # left, right, foot, tip


def draw_limit(canvas: Canvas, limit: str, place: Place, colour: str) -> None:
    """A dashed line beyond the tip of the least, `up` or `down`; a dashed box about the foot of `open`."""
    left, right, foot, tip = place
    if limit == "open":
        draw_open(canvas, Box(left + 1, foot - OPEN / 2, right - 1, foot + OPEN / 2), colour)
    elif limit:
        y = tip + (3 if limit == "down" else -3)
        canvas.draw_line((left + 1, y, right - 1, y), colour, 1.6, _DASH)
        canvas.ground.lines.append((left, y, right, y))


def draw_open(canvas: Canvas, box: Box, colour: str) -> None:
    """A dashed box, which is taken from now on."""
    for y in (box.top, box.bottom):
        canvas.draw_line((box.left, y, box.right, y), colour, 1.2, _DASH)
    for x in (box.left, box.right) if box.right - box.left > OPEN / 2 else ():
        canvas.draw_line((x, box.top, x, box.bottom), colour, 1.2, _DASH)
    canvas.ground.boxes.append(box)


def draw_other(canvas: Canvas, place: Place, colour: str) -> None:
    """A dashed edge over a block, as high as the counts that contradict it."""
    left, right, foot, top = place
    for ends in ((left, top, right, top), (left, top, left, foot), (right, top, right, foot)):
        canvas.draw_line(ends, colour, 1.4, _DASH)
    canvas.ground.lines += [(left, top, right, top), (left, foot, right, foot)]
