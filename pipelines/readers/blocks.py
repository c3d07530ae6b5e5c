"""Lines with boxes become paragraphs: a sentence that runs over three lines is one passage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.readers.shapes import Passage

Box = tuple[float, float, float, float]  # left, top, right, bottom, growing to the right and downwards

_GAP: Final = 0.9  # of a line's height: what lies further below begins a new paragraph
_HEIGHTS: Final = 1.3  # a line that is so many times higher is a heading or a big figure, not the next line
_PROSE: Final = 4  # words; a shorter line is a label, a cell or the end of a paragraph: nothing continues it
_SPACE: Final = 0.6  # of a line's height: pieces no further apart stand on one line
_SOFT_HYPHENS: Final = ("\u00ad", "\ufffe", "\x02")  # how PDF text marks a word broken at the line's end


@dataclass(frozen=True)
class Line:
    """One line of a page, where it stands, and how high its letters are, in the units of its box.

    `confidence`: as in Passage.
    """

    text: str
    box: Box
    height: float
    confidence: float | None = None


def join_lines(pieces: Iterable[Line], page: int | None) -> list[Passage]:
    """Group pieces, given in reading order, into passages whose box is the union of theirs."""
    groups: list[list[Line]] = []
    for line in _join_pieces(pieces):
        group = next((group for group in reversed(groups) if _follows(group[-1], line)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return [
        Passage(_join([line.text for line in group]), page, _around(group), _least_sure(group))
        for group in groups
    ]


def _join_pieces(pieces: Iterable[Line]) -> list[Line]:
    """A word in bold is a piece of its own: put such pieces back into their line."""
    lines: list[Line] = []
    for piece in pieces:
        if not piece.text.strip():
            continue
        last = lines[-1] if lines else None
        if last and _is_beside(last, piece):
            text = (
                f"{last.text.rstrip()} {piece.text.lstrip()}"
                if _is_apart(last, piece)
                else last.text + piece.text
            )
            joined = [last, piece]
            lines[-1] = Line(text, _around(joined), max(last.height, piece.height), _least_sure(joined))
        else:
            lines.append(piece)
    return lines


def _is_beside(left: Line, right: Line) -> bool:
    shared = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    gap = right.box[0] - left.box[2]
    height = min(left.height, right.height)
    return shared > 0.4 * height and -0.5 * height <= gap <= _SPACE * height


def _is_apart(left: Line, right: Line) -> bool:
    touching = right.box[0] - left.box[2] < 0.1 * min(left.height, right.height)
    return not touching or left.text.endswith(" ") or right.text.startswith(" ")


def _follows(above: Line, below: Line) -> bool:
    """Right below a line of prose, about as high, and over the same stretch of the page."""
    gap = below.box[1] - above.box[3]
    height = min(above.height, below.height)
    overlap = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return (
        len(above.text.split()) >= _PROSE
        and -height <= gap <= _GAP * height  # boxes of a crooked scan overlap
        and max(above.height, below.height) <= _HEIGHTS * height
        and overlap > 0
    )


def _join(lines: list[str]) -> str:
    text = ""
    for line in lines:
        piece = line.strip()
        if text.endswith(_SOFT_HYPHENS) or (text.endswith("-") and piece[:1].islower()):
            text = text[:-1] + piece
        else:
            text = f"{text} {piece}" if text else piece
    return text


def _least_sure(lines: list[Line]) -> float | None:
    return min((line.confidence for line in lines if line.confidence is not None), default=None)


def _around(lines: list[Line]) -> Box:
    return (
        min(line.box[0] for line in lines),
        min(line.box[1] for line in lines),
        max(line.box[2] for line in lines),
        max(line.box[3] for line in lines),
    )
