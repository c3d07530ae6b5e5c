"""A file of prose as one text, each passage with its page and its place on it where the format has them."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

from pipelines.core.file_limits import DEFAULT
from pipelines.intake.files.file_kind import read_text, read_utf8
from pipelines.sheets.raw_table import Passage, ReadError

_DIGITS: Final = re.compile(r"\d+")
_NUMBERS: Final = 500  # of one paragraph
SUFFIXES: Final = (".html", ".htm", ".xhtml", ".txt", ".md", ".pdf", ".png", ".jpg", ".jpeg", ".webp")
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Document:
    """`text` is what is read; `starts[i]` is where `passages[i]` begins in it."""

    text: str
    starts: list[int]
    passages: list[Passage]

    def place(self, span: tuple[int, int]) -> tuple[int | None, Box | None]:
        """Page and box of the passage that a span begins in; None where the format has none."""
        if not self.passages:
            return None, None
        passage = self.passages[max(0, bisect_right(self.starts, span[0]) - 1)]
        return passage.page, passage.box


def read_document(path: Path) -> Document:
    """Read a file: UTF-8 text as it is, anything else through its reader.

    Raises ReadError when the file is missing, is not UTF-8, its reader refuses it, or it holds a flood: each
    number is held against each day and name of the text.
    """
    plain = path.suffix.lower() in ("", ".txt")
    document = join([Passage(read_utf8(path))] if plain else read_text(path))
    if len(document.text) > DEFAULT.prose_letters:
        raise ReadError(
            f"{path}: {len(document.text):,} characters of text; at most {DEFAULT.prose_letters:,} are read"
        )
    if any(len(_DIGITS.findall(line)) > _NUMBERS for line in document.text.split("\n")):
        raise ReadError(f"{path}: more than {_NUMBERS:,} numbers in one paragraph; this is no report")
    return document


def join(passages: list[Passage]) -> Document:
    """Passages one under the other."""
    lengths = [len(passage.text) + 1 for passage in passages]
    starts = list(accumulate(lengths[:-1], initial=0)) if passages else []
    return Document("\n".join(passage.text for passage in passages), starts, passages)
