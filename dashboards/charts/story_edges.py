"""What stands around the panels of a drawing over time: the lane of events, the key, the tab of silence."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from dashboards.charts.axes import FIELD, Event
from dashboards.charts.fonts import REGULAR, SEMIBOLD, balance_text, measure_width, wrap_text
from dashboards.charts.label_places import Box, cut_upright
from dashboards.charts.story_canvas import LINE, TEXT, Callout, Canvas, EdgeWords
from dashboards.charts.story_marks import PALE, SPAN
from dashboards.charts.theme import HATCH, IN_DOUBT, INK, QUIET, SOFT

TAB: Final = (34.0, 72.0)  # pixels of the tab of silence, on a phone and on a page
LANE: Final = 36.0  # pixels of the lane of events with its labels
NAMED: Final = 3
TICK: Final = "#8F8880"
_NAMED_APART: Final = 20.0  # pixels between two that are named
_ROOMY: Final = 80.0  # pixels up to the next named event that leave room for its label
# Signs of a key that the font lacks: width and dash of their strokes, opacity, and from where to where.
_STROKES: Final[dict[str, tuple[float, str, float, list[tuple[float, float, float, float]]]]] = {
    "⊥": (2, "solid", 1, [(0, 13, 12, 13), (6, 13, 6, 2)]),
    "⊤": (2, "solid", 1, [(0, 3, 12, 3), (6, 3, 6, 14)]),
    SPAN: (5, "solid", PALE, [(6, 2, 6, 14)]),
    "⋯": (2, "dot", 1, [(0, 9, 13, 9)]),
}
_SIGN: Final = 17.0  # pixels of a sign in the key, up to its text
_APART: Final = 4.0  # pixels between two ticks of the lane; nearer ones are one
_TAB_AROUND: Final = 6.0  # pixels of a tab beside its words
_AXIS: Final = 24.0  # of the lane's line, from the top


def tell_day(canvas: Canvas, words: EdgeWords, event: Event) -> str:
    """The day of an event, with its year on a long axis."""
    years = (canvas.span[1] - canvas.span[0]).days > 366
    return words.tick(event.day, "yMMMd" if years else "MMMd")


def name_events(canvas: Canvas, words: EdgeWords, named: Sequence[Event]) -> list[tuple[Event, str]]:
    """The events that are named, at most three, each with the label there is room for; labels are written."""
    taken: list[Box] = []
    ticks = [canvas.find_x(event.day) for event in named]
    found: list[tuple[Event, str]] = []
    for event in named:
        x = canvas.find_x(event.day)
        if any(abs(x - canvas.find_x(other.day)) < _NAMED_APART for other, _ in found):
            continue
        day = tell_day(canvas, words, event)
        forms = [(day, ticks), (day, [canvas.find_x(each.day) for each, _ in found])]
        if not canvas.narrow:
            days = [day]
            if event.day.year == canvas.span[1].year:
                days.append(words.tick(event.day, "MMMd"))
            titled = [f"{each}: {event.title}" for each in dict.fromkeys(days)]
            tight = [(text, ticks[:NAMED]) for text in reversed(titled)]  # the shortest leaves room to others
            forms = [*((text, ticks) for text in titled), *tight, *forms]
        for label, others in forms:
            wide = measure_width(label, TEXT, SEMIBOLD)
            boxes = [Box(x, 0, x + wide, 16), Box(x - wide, 0, x, 16)]
            if x + wide > canvas.width:
                boxes.append(Box(canvas.width - wide, 0, canvas.width, 16))  # around its tick
            free = [
                box
                for box in boxes
                if box.left >= 0
                and box.right <= canvas.width
                and not any(box.grow(7).meets(other) for other in taken)
                and not any(
                    box.left - 4 < tick < box.right + 4 for tick in others if abs(tick - x) >= _NAMED_APART
                )
            ]
            if free and not any(box.left - 4 < x < box.right + 4 for box in taken):
                roomiest = max(free, key=lambda box: _find_room(box, [tick for tick in ticks if tick != x]))
                taken.append(roomiest)
                anchor, at = ("left", x) if roomiest.left == x else ("right", roomiest.right)
                canvas.write(label, at, 0, TEXT, INK, anchor, font={"weight": SEMIBOLD})
                found.append((event, label))
                break
        if len(found) == NAMED:
            break
    canvas.ground.boxes += taken
    return found


def _find_room(box: Box, ticks: Sequence[float]) -> float:
    """Pixels from a label to the nearest tick of another event, as far as they matter."""
    return min([max(box.left - tick, tick - box.right) for tick in ticks] + [_ROOMY])


def mark_events(
    canvas: Canvas, words: EdgeWords, events: Sequence[Event], named: Sequence[Event]
) -> dict[str, object]:
    """The lane with a fine tick for each event, strong where it is named, and how many are not; its axis."""
    top = _AXIS + 2 - TEXT * 0.65
    canvas.write(words.events, 0, top, TEXT, SOFT)
    start, end = max(canvas.left, measure_width(words.events, TEXT) + 6), canvas.right
    others = list_unnamed(events, named)
    if others:
        told = words.more_events(len(others))
        room = canvas.width - canvas.right - 8
        more = next((text for text in told if measure_width(text, TEXT) <= room), told[-1])
        x = min(canvas.right + 8, canvas.width - measure_width(more, TEXT) - 2)
        canvas.write(more, x, top, TEXT, SOFT)
        end = min(end, x - 6)
    canvas.draw_line((start, _AXIS + 2, end, _AXIS + 2), QUIET, 1, "solid")
    for strong, own in ((False, others), (True, list(named))):
        seen = [True] * len(own) if strong else _stand_apart(canvas, own)
        canvas.traces.append(
            {
                "type": "scatter", "mode": "markers", "xaxis": "x", "yaxis": "y8", "showlegend": False,
                "cliponaxis": False, "x": [event.day for event in own], "y": [0.5] * len(own),
                "hovertemplate": "%{text}<extra></extra>",
                "text": [event.hover or event.title for event in own],
                "marker": {
                    "symbol": "line-ns-open", "size": 16 if strong else 6, "color": INK if strong else TICK,
                    "opacity": [1.0 if each else 0.0 for each in seen],
                    "line": {"width": 2.4 if strong else 1, "color": INK if strong else TICK},
                },
            }
        )  # fmt: skip
    return {
        "domain": [1 - (_AXIS + 10) / canvas.height, 1 - (_AXIS - 6) / canvas.height], "range": [0, 1],
        "visible": False, "fixedrange": True, "anchor": "x",
    }  # fmt: skip


def list_unnamed(events: Sequence[Event], named: Sequence[Event]) -> list[Event]:
    """Events of days on which none is named."""
    days = {event.day for event in named}
    return [event for event in events if event.day not in days]


def _stand_apart(canvas: Canvas, events: Sequence[Event]) -> list[bool]:
    """Whether the tick of each event is seen: one too near to the tick before is only there when touched."""
    seen: list[bool] = []
    last = -_APART
    for event in events:
        x = canvas.find_x(event.day)
        seen.append(x - last >= _APART)
        last = x if seen[-1] else last
    return seen


def draw_uprights(canvas: Canvas, named: Sequence[Event], bottom: float) -> None:
    """From the lane down through the panels a fine line for each named event; it gives way to letters."""
    for event in named:
        x = canvas.find_x(event.day)
        letters = [box for box in canvas.ground.boxes if box.right - box.left > 7 and box.top > 17]
        for top, end in cut_upright(x, _AXIS + 10, bottom, letters):
            canvas.draw_line((x, top, x, end), QUIET, 1, "2px,2px")


Key = Sequence[tuple[str, str, str]]  # colour, sign (or none) and text of each mark that needs one


def measure_key(key: Key) -> float:
    """Pixels of a key in one line."""
    return sum((_SIGN if sign else 0) + measure_width(text, TEXT) + 14 for _, sign, text in key) - 14


def split_key(key: Key, room: float) -> list[Key]:
    """A key in as many lines as it takes in so many pixels."""
    rows: list[list[tuple[str, str, str]]] = []
    for entry in key:
        if rows and measure_key([*rows[-1], entry]) <= room:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return list(rows)


def write_key(canvas: Canvas, key: Key, top: float, left: bool) -> None:
    """A key in one line."""
    wide = measure_key(key)
    fixed = canvas.left if left else canvas.right  # a page that is wider or narrower keeps it together
    x = 0.0 if left else -wide
    canvas.ground.boxes.append(Box(fixed + x, top, fixed + x + wide, top + LINE))
    for colour, sign, text in key:
        if sign in _STROKES:
            _draw_strokes(canvas, sign, colour, fixed, x, top)
        elif sign:
            canvas.write(sign, fixed, top - 2, 15, colour, xshift=x, font={"weight": SEMIBOLD})
        x += _SIGN if sign else 0
        canvas.write(text, fixed, top, TEXT, SOFT, xshift=x)
        x += measure_width(text, TEXT) + 14


def _draw_strokes(canvas: Canvas, sign: str, colour: str, fixed: float, left: float, top: float) -> None:
    """A sign that the font lacks, drawn like its mark, `left` pixels from a place of the canvas."""
    wide, dash, opacity, strokes = _STROKES[sign]
    for x0, y0, x1, y1 in strokes:
        canvas.shapes.append(
            {
                "type": "line", "xref": "paper", "yref": "paper", "opacity": opacity,
                "xsizemode": "pixel", "xanchor": fixed / canvas.width, "x0": left + x0, "x1": left + x1,
                "y0": 1 - (top + y0) / canvas.height, "y1": 1 - (top + y1) / canvas.height,
                "line": {"color": colour, "width": wide, "dash": dash},
            }
        )  # fmt: skip


def write_upright(words: EdgeWords, high: float) -> list[str]:
    """What a phone's tab says in so many pixels, as much as two upright lines hold."""
    since, until, unscaled = words.silence[1], words.counted_to, words.not_to_scale
    room = high - 6
    whole = f"{until}; {unscaled}" if until else unscaled
    forms = [[since, whole], [since, until], balance_text(f"{since} {until}", TEXT, room)]
    fit = (len(each) <= 2 and max(measure_width(line, TEXT) for line in each) <= room for each in forms)
    return next((form for form, fits in zip(forms, fit, strict=True) if fits), [unscaled])


def measure_tab(words: EdgeWords, width: float, narrow: bool) -> float:
    """Pixels of the tab of silence in a drawing so wide: no word is cut in it; none without a silence."""
    if not words.silence[0]:
        return 0.0
    if narrow:
        return TAB[0]
    said = ((words.silence[0], SEMIBOLD), (words.not_to_scale, REGULAR))
    longest = max(measure_width(word, TEXT, weight) for text, weight in said for word in text.split())
    return max(min(TAB[1], width * 0.08), ceil(longest) + _TAB_AROUND)


def draw_tab(canvas: Canvas, words: EdgeWords, width: float, top: float, bottom: float) -> dict[str, object]:
    """The hatched tab that says since when nobody has spoken; its axes.

    The hatching is of traces, because shapes have no patterns; it leaves the words free.
    """
    left, middle = canvas.width - width, (top + bottom) / 2
    if canvas.narrow:
        told = write_upright(words, bottom - top)
        half = max(measure_width(text, TEXT) for text in told) / 2 + 6
        for row, text in enumerate(told):
            x = left + width / 2 + (row - (len(told) - 1) / 2) * LINE
            canvas.write(text, x, middle - TEXT * 0.65, TEXT, SOFT, "center", textangle=-90)
    else:
        lines = [
            (line, SEMIBOLD) for line in wrap_text(words.silence[0], TEXT, width - _TAB_AROUND, SEMIBOLD)
        ]
        lines += [(line, REGULAR) for line in wrap_text(words.not_to_scale, TEXT, width - _TAB_AROUND)]
        half = len(lines) * LINE / 2 + 6
        for number, (line, weight) in enumerate(lines):
            y = middle - len(lines) * LINE / 2 + number * LINE
            canvas.write(line, left + width / 2, y, TEXT, SOFT, "center", font={"weight": weight})
    hatch = {"shape": "/", "size": 8, "solidity": 0.14, "fgcolor": HATCH, "bgcolor": FIELD}
    above, below = max(middle - half, top), min(middle + half, bottom)
    for start, end, filled in ((top, above, hatch), (above, below, None), (below, bottom, hatch)):
        low, high = 1 - end / canvas.height, 1 - start / canvas.height
        canvas.traces.append(
            {
                "type": "scatter", "x": [0, 1, 1, 0, 0], "y": [low, low, high, high, low], "xaxis": "x9",
                "yaxis": "y9", "mode": "none", "fill": "toself", "fillcolor": FIELD, "fillpattern": filled,
                "hoverinfo": "skip", "showlegend": False,
            }
        )  # fmt: skip
    hidden = {"range": [0, 1], "visible": False, "fixedrange": True}
    return {
        "xaxis9": {**hidden, "domain": [left / canvas.width, 1], "anchor": "y9"},
        "yaxis9": {**hidden, "domain": [0, 1], "anchor": "x9"},
    }


def call_out(canvas: Canvas, callout: Callout, mark: tuple[float, float], inside: Box) -> bool:
    """What is said of one figure in doubt, with a fine line to its mark; whether there is room for it."""
    x, y = mark
    best = None
    lines = balance_text(callout.text, TEXT, 170)
    wide = max(measure_width(line, TEXT) for line in lines)
    high = len(lines) * LINE
    for away in (22, 40, 60, 90, 130):
        for down in (0.0, away * 0.5, away, -away * 0.5, -away):
            for left in (x - away - wide, x + away):
                box = Box(left, y + down - high / 2, left + wide, y + down + high / 2)
                edge = box.right + 4 if left < x else box.left - 4
                end = (edge, y + down, x + (-5 if left < x else 5), y)
                if not box.grow(2).is_within(inside):
                    continue
                faults = canvas.ground.count_faults(box)
                strip = Box(min(end[0], end[2]), min(y, y + down), max(end[0], end[2]), max(y, y + down))
                faults += sum(each.is_crossed(end) for each in canvas.ground.boxes if each.meets(strip))
                faults += canvas.ground.count_crossing(strip)
                if faults < 1 and (best is None or faults + away / 1000 < best[0]):
                    best = faults + away / 1000, box, end
    if best:
        _, box, end = best
        canvas.write_block(lines, box, "right" if end[0] > box.right else "left")
        canvas.draw_line(end, IN_DOUBT, 0.9, "solid")
    return best is not None
