"""The sentence that a figure stands in, read again from the report on this machine, masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pipelines.extract.documents import read_document
from pipelines.extract.masking import mask
from pipelines.readers import ReadError

LONGEST: Final = 400  # characters shown on either side of the number
_ENDS: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Sentence:
    """The number and what stands around it: its sentence and the one before, where who speaks often is."""

    before: str
    number: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}▸{self.number}◂{self.after}"


def find_sentence(folder: Path, file: str, place: str, known: Sequence[str]) -> Sentence | None:
    """The sentence of a figure; None where the report is not on this machine or has no characters to count.

    `known` are names that may stay unmasked; everything else that looks like a name is masked.
    """
    path = folder / file
    span = re.search(r"characters (\d+)-(\d+)$", place)
    inside = path.resolve().is_relative_to((folder / "inbox").resolve())
    if span is None or not inside or not path.is_file():
        return None
    try:
        text = _text(path, path.stat().st_mtime_ns)
    except ReadError:
        return None
    start, end = int(span[1]), int(span[2])
    return sentence_at(text, (start, end), known) if end <= len(text) else None


def sentence_at(text: str, span: tuple[int, int], known: Sequence[str]) -> Sentence:
    """The sentence around some characters of a text and the one before, masked but for `known` names."""
    start, end = span
    starts = [0, *(match.end() for match in _ENDS.finditer(text, 0, start) if match.end() <= start)]
    first = max(starts[-2] if len(starts) > 1 else starts[-1], start - LONGEST)
    stop = _ENDS.search(text, end)
    last = min(stop.start() if stop else len(text), end + LONGEST)
    return cut(text, (first, start, end, last), known)


def cut(text: str, marks: tuple[int, int, int, int], known: Sequence[str]) -> Sentence:
    """The text masked as a whole, so that a name is known by its surroundings, then cut at the number."""
    first, start, end, last = marks
    opening = mask(text[first:start] + text[start:last], known)
    number = text[start:end]
    at = opening.find(number, max(0, len(mask(text[first:start], known)) - len(number)))
    if at < 0:
        return Sentence("", printable(mask(number, known)), "")
    return Sentence(printable(opening[:at]), printable(number), printable(opening[at + len(number) :]))


def printable(text: str) -> str:
    """On one line, without characters that move a terminal's cursor or turn the direction of writing."""
    return re.sub(r"\s+", " ", _CONTROL.sub("", text.replace("\n", " ")))


@lru_cache(maxsize=32)
def _text(path: Path, _changed: int) -> str:
    return read_document(path).text
