"""What a page says: its article for the rules of extraction, and all of it for the eye."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from pipelines.extract import Candidate, Written, extract, find_written
from pipelines.extract.documents import join, read_document
from pipelines.readers import Kind, ReadError, kind_of
from pipelines.situation import Organisation, Situation

Span = tuple[int, int]
_LEAST: Final = 32  # smaller numbers stand on every page as days, hours and counters


@dataclass(frozen=True)
class Settings:
    """The situation whose figures are read, and who speaks in it."""

    situation: Situation
    organisations: list[Organisation]


class PageText:
    """One page as text. `article` is what the rules read; `whole` has navigation, tables and title too."""

    def __init__(self, path: Path, settings: Settings) -> None:
        """Raises ReadError where the file is of no known kind, or holds no text."""
        self._settings = settings
        self._candidates: dict[date, list[Candidate]] = {}
        self.article = read_document(path).text
        self.whole = _read_whole(path, self.article)

    def candidates(self, published: date) -> list[Candidate]:
        """What the rules read in the article, as published on a day."""
        if published not in self._candidates:
            found = extract(self.article, published, self._settings.situation, self._settings.organisations)
            self._candidates[published] = found
        return self._candidates[published]

    @cached_property
    def numbers(self) -> list[Written]:
        """Every number of the article."""
        return find_written(self.article, self._settings.situation, self._settings.organisations)

    def spans_of(self, value: int, high: int | None) -> list[Span]:
        """Where the article writes a number, in whatever notation; of a range the whole or both its ends."""
        whole = [each.span for each in self.numbers if (each.value, each.high) == (value, high)]
        if whole or high is None:
            return whole
        ends = [[each.span for each in self.numbers if each.value == end] for end in (value, high)]
        return ends[0] if all(ends) else []

    def find_beside(self, value: int) -> Span | None:
        """Where the page shows a number's digits anywhere, grouped or not; small ones are not looked for."""
        if value < _LEAST:
            return None
        grouped = f"{value:,}".replace(",", r"[.,'’\u00a0\u202f ]?")
        found = re.search(rf"(?<![\d.,/:-]){grouped}(?![\d/:]|[.,]\d)", self.whole)
        return found.span() if found else None


def _read_whole(path: Path, article: str) -> str:
    if kind_of(path) is not Kind.HTML:
        return article
    from pipelines.readers.html_page import read_whole_page  # heavy: only where it is needed

    try:
        return join(read_whole_page(path)).text
    except ReadError:
        return article
