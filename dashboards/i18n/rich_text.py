"""A text with links and terms in it, before it is HTML."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere; without a usable address it stays a text."""

    text: str
    url: str | None
    outside: bool = True


@dataclass(frozen=True)
class Term:
    """A word of the glossary as a text says it; touched, it opens what `html.render_meanings` says of it."""

    text: str
    term: str  # its id


@dataclass(frozen=True)
class Run:
    """A text with terms in it, its parts one after the other."""

    parts: tuple[str | Term, ...]


@dataclass(frozen=True)
class Foreign:
    """A text in another language than the page's, which whoever reads the page aloud must know."""

    text: str
    language: str


Part = str | Link | Run | Foreign
Cell = Part | Sequence[Part]
