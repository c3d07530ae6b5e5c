"""The situation's own names: organisations, officials and places, and where a text names them.

They come from its TOML files, so that a new situation needs no Python.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.core.model import Role
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.text_matching import Mark, Matcher, Token, fold, split

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
    everybody: str | None  # the part that says nothing
    words: dict[str, tuple[tuple[str, str], ...]]  # language → what is meant, and a phrase for it

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
        situation.everybody,
        _own_words(situation),
    )


def _own_words(situation: Situation) -> dict[str, tuple[tuple[str, str], ...]]:
    words: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for what, by_language in situation.words.items():
        for code, phrases in by_language.items():
            words[code] += [(what, phrase) for phrase in phrases]
    return {code: tuple(found) for code, found in words.items()}


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


class Mention(NamedTuple):
    """An organisation in the text, by name, by who speaks for it, or as "the NGO"."""

    organisation: str
    first: int
    last: int
    named: bool  # by name or spokesperson, not by "the NGO"


def find_mentions(
    tokens: list[Token], names: list[Mark], marks: list[Mark], known: Names, language: Language
) -> list[Mention]:
    """Mentions left to right; "the NGO" resolved, joint statements joined."""
    named = [m for m in names if m.label == "org"]
    starts = {m.first for m in named}  # "la ONG La Lista": the name says who
    actors = [m for m in marks if m.label == "actor" and not _is_named_next(m, starts, tokens, language)]
    raw = sorted(named + actors, key=lambda m: m.first)
    out: list[Mention] = []
    for mark in raw:
        known_by_name = mark.label == "org"
        organisation = mark.value if known_by_name else _actor(mark.value, out, raw, known)
        if organisation is not None:
            out.append(Mention(organisation, mark.first, mark.last, known_by_name))
    return _joined(out, tokens, known, language)


def _is_named_next(actor: Mark, starts: set[int], tokens: list[Token], language: Language) -> bool:
    """ "la ONG La Lista", "activists with La Lista", "la coordinadora de La Lista"."""
    if actor.value not in ("ngo", "ngos"):
        return False
    for index in range(actor.last, min(actor.last + 3, len(tokens))):
        if index in starts:
            return True
        if tokens[index].text not in language.before_names:
            return False
    return False


def _actor(value: str, before: list[Mention], raw: list[Mark], known: Names) -> str | None:
    if value == "ngo":
        for mention in reversed(before):
            if known.roles.get(mention.organisation) in (Role.NGO, Role.OPPOSITION, Role.INTERNATIONAL):
                return mention.organisation
        for mark in raw:
            if mark.label == "org" and known.roles.get(mark.value) is Role.NGO:
                return mark.value
        return UNSPECIFIED_NGO if UNSPECIFIED_NGO in known.roles else None
    if value == "ngos":
        return UNSPECIFIED_NGO if UNSPECIFIED_NGO in known.roles else None
    if value == "families":
        return FAMILIES if FAMILIES in known.roles else None
    return known.government


def _joined(mentions: list[Mention], tokens: list[Token], known: Names, language: Language) -> list[Mention]:
    out: list[Mention] = []
    for mention in mentions:
        if out and known.joint:
            before = out[-1]
            gap = [t.text for t in tokens[before.last : mention.first] if t.text not in language.articles]
            both = known.joint.get(frozenset({before.organisation, mention.organisation}))
            if both and len(gap) == 1 and gap[0] in language.joint:
                out[-1] = Mention(both, before.first, mention.last, True)
                continue
        out.append(mention)
    return out
