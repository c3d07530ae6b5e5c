"""Who "the minister" or "the commission" may be: an office in small letters, and all who hold such a one."""

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pipelines.core.model import Role
from pipelines.core.situation import Organisation
from pipelines.intake.prose.known_names import FAMILIES, UNATTRIBUTED, UNSPECIFIED_NGO, Names
from pipelines.intake.prose.short_days import any_of, read_words
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import fold

_OF_STATE: Final = ("government", "ministry")  # any of a government's bodies may be meant
_OWN: Final = (UNATTRIBUTED, FAMILIES, UNSPECIFIED_NGO)
OFFICES: Final = ("other", *read_words()["offices"])


class Office(NamedTuple):
    """Characters of the plain text that may mean an organisation."""

    span: tuple[int, int]
    organisation: str


class Holders(NamedTuple):
    """Who holds which office in a situation: `own` is each organisation's first one, by its place in OFFICES
    (0 for none), `by_office` all that a word for an office may mean."""

    own: dict[str, int]
    by_office: dict[str, list[str]]


_known: dict[int, tuple[Names, Holders]] = {}


def list_holders(names: Names) -> Holders:
    """The holders of a situation's offices, worked out once."""
    found = _known.get(id(names))
    if found is None or found[0] is not names:
        found = (names, _find_holders(names))
        _known.clear()
        _known[id(names)] = found
    return found[1]


def _find_holders(names: Names) -> Holders:
    """ "The NGO" is left out: it is whoever was named before, which the scan finds."""
    own: dict[str, int] = {}
    by_office: dict[str, list[str]] = {office: [] for office in OFFICES[1:]}
    for each in names.organisations.values():
        held = _held(each)
        own[each.id] = OFFICES.index(held[0]) if held else 0
        if each.members or each.id in _OWN:
            continue
        offices = {office for office in held if office not in ("ngo", *_OF_STATE)}
        if each.role is Role.GOVERNMENT and "washington" not in offices:
            offices |= {*_OF_STATE}
        for office in offices:
            by_office[office].append(each.id)
    return Holders(own, by_office)


def _held(organisation: Organisation) -> list[str]:
    """The offices whose words an organisation's names hold, the commonest first."""
    names = [fold(name) for name in (organisation.name, *organisation.aliases)]
    counted = {office: sum(bool(_pattern(office).search(name)) for name in names) for office in OFFICES[1:]}
    return sorted((office for office, count in counted.items() if count), key=lambda each: -counted[each])


@cache
def _pattern(office: str) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(read_words()['offices'][office])}\b")


_WORD: Final = re.compile(r"\w+")
_TWO_WORDS: Final = re.compile(r"\W")


@lru_cache(maxsize=1 << 14)
def _offices_of(word: str) -> tuple[str, ...]:
    """The offices that one word may stand for."""
    return tuple(office for office in OFFICES[1:] if _pattern(office).fullmatch(word))


@cache
def _phrases() -> list[tuple[str, re.Pattern[str]]]:
    """The offices' words that are more than one, such as "high commissioner"."""
    told = read_words()["offices"].items()
    found = {office: [w for w in words if _TWO_WORDS.search(w.strip("*"))] for office, words in told}
    return [(office, re.compile(rf"\b{any_of(words)}\b")) for office, words in found.items() if words]


def find_offices(scene: Scene) -> list[Office]:
    """Every office that a text names in other words than an organisation's own names, in reading order."""
    holders = list_holders(scene.names).by_office
    tokens, text = scene.tokens, scene.normal.folded
    named = [(tokens[m.first].start, tokens[m.last - 1].end) for m in scene.mentions if m.named]
    phrases = [(office, m.span()) for office, pattern in _phrases() for m in pattern.finditer(text)]
    words = [(office, m.span()) for m in _WORD.finditer(text) for office in _offices_of(m.group())]
    alone = [
        (office, span)
        for office, span in words
        if not any(office == other and a < span[1] and span[0] < b for other, (a, b) in phrases)
    ]
    out = {
        Office(span, organisation)
        for office, span in (*phrases, *alone)
        if not any(a < span[1] and span[0] < b for a, b in named)
        for organisation in holders[office]
    }
    return sorted(out)
