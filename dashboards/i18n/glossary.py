"""Terms: every word of the glossary opens its definition where it stands, by mouse, finger or key.

The glossary is the one list. A term is its id below and three entries in each catalogue: its name
`glossary.<id>_title`, what it means `glossary.<id>`, how texts say it `glossary.<id>_said`, parted by `;`;
`=` before a form means that it is a term only where it is the whole text, as a table's heading is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dashboards.i18n.rich_text import Run, Term
from dashboards.i18n.translations import Words, read_words

GROUPS: Final = {
    "people": ("custody", "house", "released", "measures", "freedom"),
    "counts": (
        "measure", "part", "stock", "flow", "cumulative", "window", "baseline", "announced", "verified",
        "derived", "pace", "residual", "comparable", "changed",
    ),
    "certainty": (
        "bound", "about", "remarks", "reread", "secondhand", "contradicted", "doubt", "revised", "standing",
        "old", "withheld", "asof", "silence",
    ),
    "sources": ("claim", "organisation", "origin", "repeat", "aside", "edition"),
    "ahead": ("forecast", "score"),
}  # fmt: skip
TERMS: Final = tuple(term for group in GROUPS.values() for term in group)


@dataclass(frozen=True)
class Forms:
    """How one language says the terms, in small letters."""

    anywhere: dict[str, str]  # form → term
    whole: dict[str, str]
    found: re.Pattern[str]  # the forms that count anywhere, the longest first


@lru_cache
def read_forms(language: str) -> Forms:
    """The forms of every term. Raises ValueError where two terms have one form."""
    words = read_words(language)
    anywhere: dict[str, str] = {}
    whole: dict[str, str] = {}
    for term in TERMS:
        for said in words(f"glossary.{term}_said").split(";"):
            form = said.strip().lower()
            place = whole if form.startswith("=") else anywhere
            if place.setdefault(form.lstrip("="), term) != term:
                raise ValueError(f"{form!r} is said of {place[form.lstrip('=')]} and of {term} in {language}")
    longest = sorted(anywhere, key=len, reverse=True)
    pattern = "|".join(re.escape(form).replace(r"\ ", r"\s") for form in longest)
    return Forms(anywhere, whole, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE))


def open_terms(text: str, words: Words, seen: set[str] | None = None) -> Run:
    """A text whose terms open, each where it is said first: in the text, or in all that share `seen`."""
    known = read_forms(words.language)
    seen = set() if seen is None else seen
    term = known.whole.get(text.lower())
    if term is not None and term not in seen:
        seen.add(term)
        return Run((Term(text, term),))
    parts: list[str | Term] = []
    after = 0
    for found in known.found.finditer(text):
        term = known.anywhere.get(re.sub(r"\s", " ", found[0].lower()))
        if term is None or term in seen:  # none: a letter that only looks like ours in the other case
            continue
        seen.add(term)
        parts += [text[after : found.start()], Term(found[0], term)]
        after = found.end()
    return Run((*parts, text[after:]))


def open_each(texts: Iterable[str], words: Words) -> list[Run]:
    """The same of several texts: a key's lines, a table's heads."""
    return [open_terms(text, words) for text in texts]
