"""A report in prose becomes candidate claims that wait, each with its masked sentence.

Input: a text, HTML page, PDF or image in the inbox. Output: one row a candidate, in the shape of
QUEUE_SCHEMA, which carries the number's phrase alone, with personal names and numbers masked.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec
import polars as pl

from pipelines.core.model import Provenance, PublishedBasis, RowState
from pipelines.core.privacy import MASK, mask_message, mask_numbers
from pipelines.core.situation import Organisation, Situation, list_known_names, make_personal_rules
from pipelines.intake.files.document import Document, read_document
from pipelines.intake.inbox import INBOX, QUEUE_SCHEMA
from pipelines.intake.kept_readings import keep_reading
from pipelines.intake.prose.extraction import Candidate, extract
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.text_matching import fold
from pipelines.sheets.raw_table import ReadError

FOUND_BY: Final = "found by rule {}; waits for a person"
WITHHELD: Final = "full address withheld: it names a person"


def read_report(
    path: Path,
    *,
    situation: Situation,
    organisations: Sequence[Organisation],
    published: date | None,
    publisher: str,
    url: str | None,
    retrieved: date | None = None,
) -> pl.DataFrame:
    """The candidate claims of one report in the shape of QUEUE_SCHEMA, in reading order, all pending.

    Only where the situation says `accept_auto` are those that the reader is sure of accepted: `enqueue`
    writes that down as a decision, which counts as long as nothing speaks against the figure.
    `place` counts characters of the whole text, with page and box before them where the format has some.
    An address that carries a number of a person, or the name of somebody whom the text names, is cut to its
    host. Raises ReadError on a file that cannot be read as text.
    """
    document = read_document(path)
    candidates = extract(document.text, published, situation, list(organisations))
    address, note = url, None
    if url and (
        make_personal_rules(situation, organisations).find(url)
        or has_person_name(url, document.text, list_known_names(situation, organisations))
    ):
        parts = urlsplit(url)
        address, note = urlunsplit((parts.scheme, parts.netloc, "/", "", "")), WITHHELD
    shared = {
        "situation": situation.id,
        "published": published,
        "published_basis": PublishedBasis.STATED.value,
        "retrieved": retrieved,
        "publisher": mask_message(publisher),
        "url": address,
        "note": note,
        "file": _shorten_path(path),
    }
    rows = [
        {**shared, **_make_row(each, document, publisher, organisations, situation.accept_auto)}
        for each in candidates
    ]
    return pl.DataFrame(rows, schema=pl.Schema(QUEUE_SCHEMA))


def has_person_name(url: str, text: str, known: Sequence[str]) -> bool:
    """Whether an address carries two words in a row that are masked as a name in the text it leads to."""
    slug = [word for word in re.split(r"[^a-z]+", fold(unquote(urlsplit(url).path))) if len(word) > 1]
    pairs = set(pairwise(slug))
    if not pairs:
        return False
    suspects = {
        f"{first} {second}"
        for first, second in pairwise(re.findall(r"[^\W\d_]+", text))
        if first[0].isupper() and second[0].isupper() and (fold(first), fold(second)) in pairs
    }
    return any(mask(f"de {suspect}", known) == f"de {MASK}" for suspect in suspects)


def _make_row(
    candidate: Candidate,
    document: Document,
    publisher: str,
    organisations: Sequence[Organisation],
    accept_auto: bool,
) -> dict[str, Any]:
    speaks = next((each for each in organisations if each.id == candidate.organisation), None)
    own = speaks is not None and fold(publisher) in {fold(name) for name in (speaks.name, *speaks.aliases)}
    cells = msgspec.to_builtins(candidate, builtin_types=(date,))
    return {
        **{name: cell for name, cell in cells.items() if name in QUEUE_SCHEMA},
        "provenance": (Provenance.PRIMARY if own else Provenance.PRESS).value,
        "raw": mask_numbers(candidate.phrase),
        "place": _name_place(candidate.span, document),
        "state": (RowState.ACCEPTED if candidate.auto and accept_auto else RowState.PENDING).value,
        "reason": FOUND_BY.format(candidate.rule),
        **keep_reading(candidate),
    }


def _name_place(span: tuple[int, int], document: Document) -> str:
    page, box = document.place(span)
    where = "" if page is None else f"page {page} "
    where += f"box {' '.join(f'{side:.0f}' for side in box)} " if box else ""
    return f"{where}characters {span[0]} to {span[1]}"  # with a dash it would look like a telephone number


def _shorten_path(path: Path) -> str:
    """The path below the situation's folder; a file that is not in an inbox keeps its name alone."""
    below = [index for index, part in enumerate(path.parts) if part == INBOX]
    return "/".join(path.parts[below[-1] :]) if below else path.name


LONGEST: Final = 400  # characters shown on either side of the number
_ENDS: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def find_in_report(folder: Path, file: str, place: str) -> tuple[str, tuple[int, int]] | None:
    """The unmasked text of a figure's report, and the characters of the figure in it.

    None where the report is not on this machine or has no characters to count. The text stays in the inbox:
    whoever asks masks what it shows.
    """
    path = folder / file
    span = re.search(r"characters (\d+)(?:-| to )(\d+)$", place)
    inside = path.resolve().is_relative_to((folder / "inbox").resolve())
    if span is None or not inside or not path.is_file():
        return None
    try:
        text = _read_text(path, path.stat().st_mtime_ns)
    except ReadError:
        return None
    start, end = int(span[1]), int(span[2])
    return (text, (start, end)) if end <= len(text) else None


def find_sentence_bounds(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where the sentence before that of some characters begins, and where their own ends."""
    start, end = span
    starts = [0, *(match.end() for match in _ENDS.finditer(text, 0, start) if match.end() <= start)]
    first = max(starts[-2] if len(starts) > 1 else starts[-1], start - LONGEST)
    stop = _ENDS.search(text, end)
    return first, min(stop.start() if stop else len(text), end + LONGEST)


def make_printable(text: str) -> str:
    """On one line, without characters that move a terminal's cursor or turn the direction of writing."""
    return re.sub(r"\s+", " ", _CONTROL.sub("", text.replace("\n", " ")))


@lru_cache(maxsize=32)
def _read_text(path: Path, _changed: int) -> str:
    return read_document(path).text
