"""Where something personal stands in plain text: numbers by their forms, ages by the names beside them.

Every pattern is anchored at digits or at a word from a list, so that long texts are read once.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from pipelines.core.personal_formats import Formats

Span = tuple[int, int]


class PersonalKind(StrEnum):
    """What was found, in the words that a message uses."""

    IDENTITY = "an identity number"
    PHONE = "a phone number"
    EMAIL = "an e-mail address"
    BIRTH = "a birth date"
    AGE = "a name with an age"


Hits = Iterator[tuple[PersonalKind, Span]]

_ADDRESS: Final = re.compile(r"(?:https?:|www\.|//)[^\s<>\",;|]+", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?<![\w.,])(?:\+|00)?\(?\d(?:[\s().\-_/']{0,3}\d){6,14}(?![\w/])")
_PHONE_IN_ADDRESS: Final = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[\s().\-+_]{0,2}\d){6,14}(?!\w)")
_FIGURE: Final = re.compile(r"\d{1,3}(?:[.,\s']\d{3})+|\d{1,3}\.\d{5,}")
_DATED: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d/\d{1,2}/")
_PERSONAL_LINES: Final = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.VOIP,
    }
)
_LONE: Final = re.compile(r"(?<![\w.,\-/#:=+])\d{7,8}(?![\w/=]|[.,\-:]\d)")
_BESIDE_NAME: Final = re.compile(  # of seven digits not where they count something: "6.400.892 votos"
    r"(?<![\d.,\-/])\d(?:(?:[\s.\-_]?\d){7}|(?:[\s.\-_]?\d){6}(?!\s+[a-z]))(?![\w/]|[.,\-:]\d)"
)
_ALONE: Final = re.compile(r"\W*\d{2}[. ]\d{3}[. ]\d{3}\W*")
_BORN_BY: Final = 2008  # a day before this beside a name is taken for a day of birth

_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_CALENDAR: Final = re.compile(
    rf"(?:(?:1[89]|20)\d\d-?)+|(?:19|20)\d\d-{_MONTH}(?:-{_DAY})?(?:-\d{{1,6}})*"
    rf"|{_DAY}-{_MONTH}-(?:(?:19|20)\d\d|\d\d)(?:-\d{{1,4}})*"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4,6})?"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)

_NAME_WORD: Final = re.compile(r"[^\W\d_][^\W\d_'\-]*(?:['\-][^\W\d_]+)*\.?")
_NAME_LENGTH: Final = 100  # characters before an age in which its name is looked for
_PARTICLES: Final = frozenset(
    ("de", "del", "la", "las", "los", "y", "da", "do", "dos", "di", "van", "von", "der", "san")
)
_AGE_LEADS: Final = re.compile(
    r"[\s,;:(\-]*(?:\b(?:de|con|com|of|is|was|aged?|edad|idade|tiene|tenia|cumplio|joven)\b[\s:]*){0,3}$",
    re.IGNORECASE,
)
_LOOSE_AGE: Final = re.compile(
    r"(?:\(\s*|,\s*)\d{1,2}\s*(?=[),;]|\.(?!\d)|$)|[\s,(]*\b(?:aged?|edad|idade)\b[:\s]*(?:de\s)?\d{1,2}(?![\d.,]\d|\d)",
    re.IGNORECASE,
)
_AGE_FOLLOWS: Final = re.compile(r"(?:\s+(?:de edad|de idade|old|of age))?[,:\s]*(?:\b[a-z]+\s+){0,2}")
_RANGE: Final = re.compile(r"\d\s*(?:a|y|o|to|and|or|-)\s*$")
_NO_AGE: Final = re.compile(
    r"\s*(?:a|o|y|to|or|and|-)\s*\d"
    r"|\s*(?:de|in|en|of) (?:prision|carcel|condena|pena|prison|jail|historia|el poder|power)"
)
_OLDEST: Final = 120


def search(text: str, formats: Formats, names: frozenset[str], *, bare: bool) -> Hits:
    """What is personal in plain text, in no order: running text and the addresses in it by their own rules.

    `names`, folded, are no person's or may be known; `bare` also takes long numbers that nothing explains.
    """
    running = _ADDRESS.sub(lambda address: " " * len(address[0]), text)
    for address in _ADDRESS.finditer(text):
        for kind, (start, end) in _search_address(address[0], formats):
            yield kind, (address.start() + start, address.start() + end)
    yield from _find(PersonalKind.EMAIL, formats.email, running)
    yield from _find(PersonalKind.IDENTITY, formats.spelt, running)
    digits = sum(character.isdigit() for character in text)
    if digits:  # with what stands in addresses, where a sentence may have been written behind one
        yield from _find(PersonalKind.BIRTH, formats.birth, text)
        yield from _find_ages(text, formats, names)
    if digits >= 6:
        yield from _find_identities(text, formats, formats.labelled_in_address)
        yield from _find_identities(running, formats, formats.labelled)
        yield from _find_phones(running, formats, bare=bare)
        yield from _find_births_beside_names(running, formats, names)
        if bare:
            yield from _find_bare(running, formats, names)


def _find(kind: PersonalKind, pattern: re.Pattern[str], text: str) -> Hits:
    return ((kind, match.span()) for match in pattern.finditer(text))


def _search_address(address: str, formats: Formats) -> Hits:
    """Addresses are full of numbers of pages and days, so a bare number in one says nothing."""
    yield from _find(PersonalKind.EMAIL, formats.email, address)
    yield from _find(PersonalKind.BIRTH, formats.birth, re.sub(r"[-_/+=?&]", " ", address))
    yield from _find(PersonalKind.BIRTH, formats.birth, re.sub(r"[_+=?&]", " ", address))
    for match in _PHONE_IN_ADDRESS.finditer(address):
        dialled = match[0].lstrip("(")[0] in "+0"  # from abroad, or with the zero before a national number
        if _is_labelled(match, formats) or (dialled and _is_phone(match[0], formats)):
            yield PersonalKind.PHONE, match.span()


def _find_identities(text: str, formats: Formats, labelled: re.Pattern[str]) -> Hits:
    for match in (*formats.identity.finditer(text), *labelled.finditer(text)):
        if not _is_calendar(match[0]):
            yield PersonalKind.IDENTITY, match.span()


def _find_phones(text: str, formats: Formats, *, bare: bool) -> Hits:
    for match in _PHONE.finditer(text):
        explained = (
            bare or match[0][0] in "+0(" or not match[0].isdigit()
        )  # digits in a row may count anything
        if _is_labelled(match, formats) or (explained and _is_phone(match[0], formats)):
            yield PersonalKind.PHONE, match.span()


def _is_labelled(match: re.Match[str], formats: Formats) -> bool:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return formats.phone_label.search(before) is not None


@lru_cache(maxsize=4_096)
def _is_phone(written: str, formats: Formats) -> bool:
    """Whether it can be dialled: from abroad, or in one of the countries."""
    if written.startswith(("+", "00")):
        number = _parse_phone(f"+{written.lstrip('+0')}", None)
        if number is not None and phonenumbers.is_possible_number(number):
            return True
    digits = re.sub(r"\D", "", written)
    if _FIGURE.fullmatch(written) or _DATED.search(written) or _is_calendar(written):
        return False
    if len(digits) < 9 and digits in written:  # eight digits in a row: a number of anything
        return False
    numbers = (_parse_phone(written, region) for region in formats.regions)
    return any(
        number is not None and phonenumbers.number_type(number) in _PERSONAL_LINES for number in numbers
    )


def _parse_phone(written: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None


def _find_bare(text: str, formats: Formats, names: frozenset[str]) -> Hits:
    """Long numbers that nothing explains, those beside a name, and one that is all there is."""
    if _ALONE.fullmatch(text):
        yield PersonalKind.IDENTITY, (0, len(text))
    for match in _LONE.finditer(text):
        if not _is_calendar(match[0]):
            yield PersonalKind.IDENTITY, match.span()
    for match in _BESIDE_NAME.finditer(text):
        if not _is_calendar(match[0]) and _find_name(text, match.start(), formats, names) is not None:
            yield PersonalKind.IDENTITY, match.span()


def _find_births_beside_names(text: str, formats: Formats, names: frozenset[str]) -> Hits:
    for match in formats.day.finditer(text):
        years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", match[0])]
        born = bool(years) and years[0] <= _BORN_BY
        if born and _find_name(text, match.start(), formats, names) is not None:
            yield PersonalKind.BIRTH, match.span()


def _find_ages(text: str, formats: Formats, names: frozenset[str]) -> Hits:
    """Two or more capitalised words beside an age: "so many years", or a number alone in brackets."""
    for match in formats.age.finditer(text):
        if int(match[1]) > _OLDEST or _NO_AGE.match(text, match.end()):
            continue
        before = text[max(0, match.start() - _NAME_LENGTH) : match.start()]
        leads = _AGE_LEADS.search(before)
        lead = len(leads[0]) if leads else 0
        name = _find_name(text, match.start() - lead, formats, names)
        if name is not None:
            yield PersonalKind.AGE, (name, match.end())
        follows = _AGE_FOLLOWS.match(text, match.end())
        after = _read_name(text, follows.end() if follows else match.end(), formats, names)
        if after is not None and not _RANGE.search(before):
            yield PersonalKind.AGE, (match.start(), after)
    for match in _LOOSE_AGE.finditer(text):
        name = _find_name(text, match.start(), formats, names)
        if name is not None:
            yield PersonalKind.AGE, (name, match.end())


def _find_name(text: str, end: int, formats: Formats, names: frozenset[str]) -> int | None:
    """Where a name begins that ends before a place, but for space and punctuation; None where none does."""
    end = len(text[:end].rstrip(" ,:;(-*\n"))
    words = list(_NAME_WORD.finditer(text, max(0, end - _NAME_LENGTH), end))
    taken: list[re.Match[str]] = []
    for word in reversed(words):
        if text[word.end() : taken[0].start() if taken else end].strip():
            break
        folded = _fold_word(word)
        if not _is_capital(word) and not (taken and folded in _PARTICLES):
            break
        if _is_capital(word) and folded in formats.not_names and folded not in _PARTICLES:
            break
        taken.insert(0, word)
    while taken and _fold_word(taken[0]) in _PARTICLES:
        taken.pop(0)
    return taken[0].start() if _is_name(taken, formats, names) else None


def _read_name(text: str, start: int, formats: Formats, names: frozenset[str]) -> int | None:
    """Where a name ends that begins at a place; None where none does."""
    taken: list[re.Match[str]] = []
    for word in _NAME_WORD.finditer(text, start, start + _NAME_LENGTH):
        if text[taken[-1].end() if taken else start : word.start()].strip():
            break
        if not _is_capital(word) and not (taken and _fold_word(word) in _PARTICLES):
            break
        taken.append(word)
    while taken and not _is_capital(taken[-1]):
        taken.pop()
    return taken[-1].end() if _is_name(taken, formats, names) else None


def _is_name(words: list[re.Match[str]], formats: Formats, names: frozenset[str]) -> bool:
    """Whether words can be a person's name: two or more with capitals, none of which says otherwise."""
    capital = [_fold_word(word) for word in words if _is_capital(word)]
    if len(capital) < 2 or not formats.not_names.isdisjoint(capital):
        return False
    whole = " ".join(_fold_word(word) for word in words)
    # "La Lista Nacional" is known by "La Lista"; somebody called Lara is not known by the state of Lara
    return not any(
        f" {whole} " in f" {name} " or (" " in name and f" {name} " in f" {whole} ") for name in names
    )


def _is_capital(word: re.Match[str]) -> bool:
    return word[0][0].isupper()


def _fold_word(word: re.Match[str]) -> str:
    return word[0].lower().strip(".'-")


def _is_calendar(written: str) -> bool:
    """Whether a number is a day, a moment or a list of years."""
    return _CALENDAR.fullmatch("-".join(re.findall(r"\d+", written))) is not None
