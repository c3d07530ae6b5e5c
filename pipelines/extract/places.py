"""The situation's own names: organisations, who speaks for them, prisons and places.

They come from its TOML files, so that a new situation needs no Python.
"""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.extract.normalise import fold
from pipelines.extract.phrases import Mark, Matcher, split
from pipelines.extract.tokens import Token
from pipelines.model import Measure, Role
from pipelines.situation import Counts, Organisation, Situation

_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_PLACES = ("facility", "place", "region", "case")
_ARTICLES = ("el", "la", "los", "las")
UNSPECIFIED_NGO = "unspecified_ngo"
UNATTRIBUTED = "unattributed"
FAMILIES = "families"


@dataclass(frozen=True, slots=True)
class Names:
    """A situation compiled for matching."""

    matcher: Matcher
    roles: dict[str, Role]
    capitalised: frozenset[tuple[str, ...]]  # matched only where the text has a capital too
    shouted: frozenset[tuple[str, ...]]  # short acronyms: matched only in capitals
    government: str | None  # who "the Government" is here
    joint: dict[frozenset[str], str]  # members → the organisation of their joint statement
    organisations: dict[str, Organisation]
    amnesty_since: date | None  # the first day from which anybody counts an amnesty

    def find(self, tokens: list[Token], plain: str) -> list[Mark]:
        """Marks `org` (value: id) and `breakdown` (value: key=value)."""
        return [mark for mark in self.matcher.find(tokens) if self._fits(mark, tokens, plain)]

    def _fits(self, mark: Mark, tokens: list[Token], plain: str) -> bool:
        phrase = tuple(t.text for t in tokens[mark.first : mark.last])
        written = plain[tokens[mark.first].start : tokens[mark.last - 1].end]
        if phrase in self.shouted:
            return written.isupper()
        if phrase in self.capitalised:
            return written.lstrip("@#")[:1].isupper()
        return True


def compile_names(situation: Situation, organisations: list[Organisation]) -> Names:
    """Compile a situation's names. The first organisation with the role government is "the Government"."""
    matcher = Matcher()
    capitalised: set[tuple[str, ...]] = set()
    shouted: set[tuple[str, ...]] = set()
    lower: set[tuple[str, ...]] = set()
    single = [o for o in organisations if not o.members]
    for organisation in single:
        for name in (organisation.name, *organisation.aliases, *_speakers(organisation, single)):
            written = re.sub(r"\s*\([^)]*\)", "", name).strip()
            if not written or (written != name and name == organisation.name):
                continue  # "ONG (sin especificar)" is a label of ours, nobody's name
            matcher.add(written, "org", organisation.id)
            if written.isupper() and len(written) <= 5:
                shouted.add(split(written))
            elif written.lstrip("@")[:1].isupper():
                capitalised.add(split(written))
            else:
                lower.add(split(written))
    for key in _PLACES:
        for value in situation.breakdown_values.get(key, []):
            for written in _place_names(value):
                matcher.add(written, "breakdown", f"{key}={value}")
                capitalised.add(split(written))
    governments = [o.id for o in single if o.role is Role.GOVERNMENT]
    return Names(
        matcher,
        {o.id: o.role for o in organisations},
        frozenset(capitalised - lower),
        frozenset(shouted),
        governments[0] if governments else None,
        {frozenset(o.members): o.id for o in organisations if o.members},
        {o.id: o for o in organisations},
        min((c.since for o in organisations for c in o.counts if c.since and _of_amnesty(c)), default=None),
    )


def _of_amnesty(counts: Counts) -> bool:
    return counts.measure is Measure.AMNESTY_GRANTED_TO_DATE


def _speakers(organisation: Organisation, everyone: list[Organisation]) -> list[str]:
    """Spokespeople as listed, and the surname alone where it is nobody else's."""
    surnames = [_surname(name) for other in everyone for name in other.spokespeople]
    out = list(organisation.spokespeople)
    for name in organisation.spokespeople:
        surname = _surname(name)
        if surname and surnames.count(surname) == 1:
            out.append(surname)
    return out


def _surname(name: str) -> str:
    words = name.split()
    if len(words) < 2 or not all(word[:1].isupper() for word in words):
        return ""
    return words[-1] if len(words[-1]) > 3 else ""


def _place_names(value: str) -> set[str]:
    """`el_rodeo_1` is written Rodeo 1 and Rodeo I; an article before it stays outside."""
    words = value.split("_")
    forms = {tuple(words)}
    for number, roman in _ROMAN.items():
        if words[-1] in (number, roman):
            forms |= {(*words[:-1], number), (*words[:-1], roman)}
    out: set[str] = set()
    for form in forms:
        bare = form[1:] if form[0] in _ARTICLES and len(form) > 1 else form
        out.add(" ".join(bare))
        if len(bare) == 2 and not bare[-1].isdigit() and bare[-1] not in _ROMAN.values():
            out.add(f"{bare[0]} de {bare[1]}")
        if bare[0] == "zona":
            out.add(" ".join(("zone", *bare[1:])))
    return {fold(name) for name in out}
