"""The situation's own names: organisations, officials, offices and places, and where a text names them.

They come from its TOML files, so that a new situation needs no Python.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from pipelines.core.model import Role
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.grammar import Language, any_of, read_words
from pipelines.intake.prose.text_matching import Mark, Matcher, Token, fold, split

_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_OF_STATE = ("government", "ministry")  # any of a government's bodies may be meant
_PLACES = ("facility", "place", "region", "case")
_ARTICLES = ("el", "la", "los", "las")
UNSPECIFIED_NGO = "unspecified_ngo"
UNATTRIBUTED = "unattributed"
FAMILIES = "families"
OFFICES = ("other", *read_words()["offices"])


class Holders(NamedTuple):
    """Who holds which office in a situation: `own` is each organisation's first one, by its place in OFFICES
    (0 for none), `by_office` all that a word for an office may mean."""

    own: dict[str, int]
    by_office: dict[str, list[str]]


def list_holders(organisations: Iterable[Organisation]) -> Holders:
    """The holders of a situation's offices. "The NGO" is left out: it is whoever was named before, which the
    scan finds."""
    own: dict[str, int] = {}
    by_office: dict[str, list[str]] = {office: [] for office in OFFICES[1:]}
    for each in organisations:
        names = [fold(name) for name in (each.name, *each.aliases)]
        counted = {office: sum(bool(_pattern(office).search(name)) for name in names) for office in by_office}
        held = sorted((office for office in counted if counted[office]), key=lambda office: -counted[office])
        own[each.id] = OFFICES.index(held[0]) if held else 0
        if not each.members and each.id not in (UNATTRIBUTED, FAMILIES, UNSPECIFIED_NGO):
            offices = set(held) - {"ngo", *_OF_STATE}
            if each.role is Role.GOVERNMENT and "washington" not in offices:
                offices |= {*_OF_STATE}
            for office in offices:
                by_office[office].append(each.id)
    return Holders(own, by_office)


@cache
def _pattern(office: str) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(read_words()['offices'][office])}\b")


@dataclass(frozen=True, slots=True)
class Names:
    """A situation compiled for matching."""

    matcher: Matcher
    roles: dict[str, Role]
    forms: dict[tuple[str, ...], set[str]]  # of each name: in capitals, with a capital, small
    government: str | None  # who "the Government" is here
    joint: dict[frozenset[str], str]  # members → the organisation of their joint statement
    holders: Holders
    everybody: str | None  # the part that says nothing
    organisation_parts: dict[str, str]  # organisation → the part that its name may stand for

    def find(self, tokens: list[Token], plain: str) -> list[Mark]:
        """Marks `org` (value: id) and `breakdown` (value: key=value)."""
        return [mark for mark in self.matcher.find(tokens) if self._fits(mark, tokens, plain)]

    def _fits(self, mark: Mark, tokens: list[Token], plain: str) -> bool:
        phrase = tuple(t.text for t in tokens[mark.first : mark.last])
        forms = self.forms.get(phrase, {"small"})  # none: a name with * or & in it
        written = plain[tokens[mark.first].start : tokens[mark.last - 1].end]
        if "capitals" in forms:
            return written.isupper()
        return "small" in forms or written.lstrip("@#")[:1].isupper()


def compile_names(situation: Situation, organisations: list[Organisation]) -> Names:
    """Compile a situation's names. The first organisation with the role government is "the Government"."""
    matcher = Matcher()
    forms: dict[tuple[str, ...], set[str]] = defaultdict(set)
    single = [o for o in organisations if not o.members]
    for organisation in single:
        for name in (organisation.name, *organisation.aliases, *_speakers(organisation, single)):
            written = re.sub(r"\s*\([^)]*\)", "", name).strip()
            if not written or (written != name and name == organisation.name):
                continue  # "ONG (sin especificar)" is a label of ours, nobody's name
            matcher.add(written, "org", organisation.id)
            short = written.isupper() and len(written) <= 5  # an acronym: "LA" is no "la"
            capital = "capital" if written.lstrip("@")[:1].isupper() else "small"
            forms[split(written)].add("capitals" if short else capital)
    for key in _PLACES:
        for value in situation.breakdown_values.get(key, []):
            for written in _place_names(value):
                matcher.add(written, "breakdown", f"{key}={value}")
                forms[split(written)].add("capital")
    governments = [o.id for o in single if o.role is Role.GOVERNMENT]
    return Names(
        matcher,
        {o.id: o.role for o in organisations},
        dict(forms),
        governments[0] if governments else None,
        {frozenset(o.members): o.id for o in organisations if o.members},
        list_holders(organisations),
        situation.everybody,
        situation.organisation_parts,
    )


def list_words(situation: Situation, language: str) -> tuple[tuple[str, str], ...]:
    """A situation's phrases in one language, each after what it means."""
    return tuple((what, phrase) for what, by in situation.words.items() for phrase in by.get(language, ()))


def _speakers(organisation: Organisation, everyone: list[Organisation]) -> list[str]:
    """Spokespeople as listed, and the surname alone where it is nobody else's."""
    surnames = [_surname(name) for other in everyone for name in other.spokespeople]
    own = map(_surname, organisation.spokespeople)
    return [*organisation.spokespeople, *(name for name in own if name and surnames.count(name) == 1)]


def _surname(name: str) -> str:
    words = name.split()
    full = len(words) > 1 and all(word[:1].isupper() for word in words) and len(words[-1]) > 3
    return words[-1] if full else ""


def _place_names(value: str) -> set[str]:
    """`el_rodeo_1` is written Rodeo 1 and Rodeo I; an article before it stays outside."""
    words = value.split("_")
    if words[0] in _ARTICLES and len(words) > 1:
        words = words[1:]
    ends = next((pair for pair in _ROMAN.items() if words[-1] in pair), words[-1:])
    return {fold(" ".join((*words[:-1], end))) for end in ends}


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
    found = [*(m for m in names if m.label == "org"), *(m for m in marks if m.label == "actor")]
    raw = sorted(found, key=lambda m: m.first)
    out: list[Mention] = []
    for mark in raw:
        known_by_name = mark.label == "org"
        organisation = mark.value if known_by_name else _actor(mark.value, out, raw, known)
        if organisation is not None:
            out.append(Mention(organisation, mark.first, mark.last, known_by_name))
    return _joined(out, tokens, known, language)


def _actor(value: str, before: list[Mention], raw: list[Mark], known: Names) -> str | None:
    """Who is meant: by "the NGO" the last one named, else the first one named after; None where nobody is."""
    meant = {"government": known.government, "families": FAMILIES}.get(value, UNSPECIFIED_NGO)
    if value == "ngo":
        organised = (Role.NGO, Role.OPPOSITION, Role.INTERNATIONAL)
        last = (m.organisation for m in reversed(before) if known.roles.get(m.organisation) in organised)
        first = (m.value for m in raw if m.label == "org" and known.roles.get(m.value) is Role.NGO)
        meant = next(chain(last, first), meant)
    return meant if meant in known.roles else None


def _joined(mentions: list[Mention], tokens: list[Token], known: Names, language: Language) -> list[Mention]:
    out: list[Mention] = []
    for mention in mentions:
        if out and known.joint:
            before = out[-1]
            gap = [
                t.text for t in tokens[before.last : mention.first] if t.text not in language.numbers.articles
            ]
            both = known.joint.get(frozenset({before.organisation, mention.organisation}))
            if both and len(gap) == 1 and gap[0] in language.grammar.joint:
                out[-1] = Mention(both, before.first, mention.last, True)
                continue
        out.append(mention)
    return out


class Office(NamedTuple):
    """Characters of the plain text that may mean an organisation."""

    span: tuple[int, int]
    organisation: str


_TWO_WORDS = re.compile(r"\W")


@lru_cache(maxsize=1 << 14)
def _offices_of(word: str) -> tuple[str, ...]:
    """The offices that a word, or several, may stand for."""
    return tuple(office for office in OFFICES[1:] if _pattern(office).fullmatch(word))


@cache
def _phrases() -> re.Pattern[str]:
    """The offices' words that are more than one, such as "high commissioner"."""
    words = chain.from_iterable(read_words()["offices"].values())
    return re.compile(rf"\b{any_of(word for word in words if _TWO_WORDS.search(word.strip('*')))}\b")


def find_offices(tokens: list[Token], text: str, mentions: list[Mention], known: Names) -> list[Office]:
    """Every office that a folded text names in other words than an organisation's own names, in reading
    order."""
    covered = [(None, (tokens[m.first].start, tokens[m.last - 1].end)) for m in mentions if m.named]
    phrases = [(office, m.span()) for m in _phrases().finditer(text) for office in _offices_of(m.group())]
    held = {word: offices for word in {token.text for token in tokens} if (offices := _offices_of(word))}
    words = [(office, (t.start, t.end)) for t in tokens if t.text in held for office in held[t.text]]
    return sorted(
        {
            Office(span, organisation)
            for found, above in ((phrases, covered), (words, [*covered, *phrases]))
            for office, span in found
            if not any(other in (None, office) and a < span[1] and span[0] < b for other, (a, b) in above)
            for organisation in known.holders.by_office[office]
        }
    )
