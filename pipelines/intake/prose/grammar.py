"""How one language writes numbers, days, organisations and parts of the whole: its file, compiled once.

A volunteer edits the TOML and its test; nothing of a language stands in the code.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core.model import BREAKDOWN_KEYS, Qualifier
from pipelines.core.privacy import DiscreetError
from pipelines.intake.prose.text_matching import Matcher, PhraseError, fold, split


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Numbers(_Strict, frozen=True, kw_only=True):
    """How numbers are written in words."""

    words: list[str]  # what a spelled number is made of; its value comes from text2num
    one: list[str]  # "un", "una": a number only before people or an event
    articles: list[str] = []  # may stand between a qualifier and its number
    compounds: bool = False  # numbers are written in one word: `words` are its pieces
    joiners: list[str] = []  # words inside a spelled number: "y", "and"
    spelling: dict[str, str] = {}  # spellings that text2num does not know
    nouns: dict[str, int] = {}  # "centenar" = 100
    ratios: list[str] = []  # "de cada" in "ocho de cada diez": no figures
    halves: list[str] = []  # "medio" in "medio centenar", "half a" in "half a dozen"
    multipliers: dict[str, int] = {}  # "9 mil", "3 thousand"
    none: list[str] = []  # "ninguna": zero, before an event


class Dates(_Strict, frozen=True, kw_only=True):
    """How days, months and windows are written."""

    months: list[list[str]]
    weekdays: list[list[str]]  # Monday first
    patterns: list[str]  # with {day} {month} {year} {weekday}
    first_of_month: list[str] = []  # "primero" in "primero de mayo"
    relative: dict[str, int]  # "ayer" = -1 days
    past: list[str]  # before or after a weekday: "pasado"
    recent: list[str] = []  # "en los últimos días": a window without a start
    weeks: list[str]  # "la semana pasada"
    year_start: list[str]  # "en lo que va de año"
    between_words: list[str]  # what may stand between a role word and its date
    since: list[str]
    until: list[str]
    between: list[str]
    after: list[str]
    before: list[str] = []
    joiners: list[str]


class Actors(_Strict, frozen=True, kw_only=True):
    """Who may be meant without a name."""

    ngo: list[str]  # "la ONG": the organisation named before
    ngos: list[str]  # "las ONG": nobody in particular
    government: list[str]
    families: list[str] = []


class Grammar(_Strict, frozen=True, kw_only=True):
    """One language file as written."""

    language: str
    stopwords: list[str]
    counted: list[str]  # what is counted after "un", "una", which is a number only there: "un detenido"
    before_names: list[str]  # may stand between "la ONG" and its name: "de"
    joint: list[str]  # between two that speak together: "y"
    range_joiners: list[str] = []
    ignored: list[str] = []  # nothing inside is read: "justicia militar", "una vez"
    numbers: Numbers
    qualifiers: dict[Qualifier, list[str]]
    qualifiers_after: dict[Qualifier, list[str]] = {}
    breakdowns: dict[str, list[str]]
    dates: Dates
    actors: Actors


_PLACEHOLDER: Final = re.compile(r"\{(weekday|day|other|month|year|first)\}")
GUESSED: Final = 150  # words that show a text's language
FOLDER: Final = Path(__file__).parent / "languages"


class LanguageError(DiscreetError):
    """A language file cannot be used; the message names the file and what to change."""


class Language:
    """A grammar compiled for matching, with the words of one situation (label, value and phrase)."""

    def __init__(self, grammar: Grammar, own: Iterable[tuple[str, str, str]] = ()) -> None:
        self.grammar = grammar
        self.code = grammar.language
        self.matcher = Matcher()
        self._fill()
        try:
            for label, value, phrase in own:
                self.matcher.add(phrase, label, value)
        except PhraseError as error:
            raise LanguageError(f"situation.toml: words: {error}") from error
        numbers = grammar.numbers
        self.number_words = {fold(w) for w in numbers.words}
        self.ones = {fold(w) for w in numbers.one}
        self.number_joiners = {fold(w) for w in numbers.joiners}
        self.articles = {fold(w) for w in numbers.articles}
        self.compounds = numbers.compounds
        pieces = sorted(self.number_words, key=len, reverse=True)
        self._compound = re.compile("(?:" + "|".join(pieces) + ")+") if numbers.compounds else None
        self.spelling = {fold(k): v for k, v in numbers.spelling.items()}
        self.number_nouns = {fold(k): v for k, v in numbers.nouns.items()}
        self.multipliers = {fold(k): v for k, v in numbers.multipliers.items()}
        self.ratios = {split(phrase) for phrase in numbers.ratios}
        self.halves = sorted(map(split, numbers.halves), key=len, reverse=True)  # the longest is meant
        self.nones = {fold(w) for w in numbers.none}
        self.number_starts = self.number_words | self.ones | self.nones | self.number_nouns.keys()
        self.before_names = {fold(w) for w in grammar.before_names}
        self.joint = {fold(w) for w in grammar.joint}
        self.range_joiners = {fold(w) for w in grammar.range_joiners}
        self.date_fillers = {fold(w) for w in grammar.dates.between_words}
        self.date_joiners = {fold(w) for w in grammar.dates.joiners}
        self.months = _positions(grammar.dates.months)
        self.weekdays = _positions(grammar.dates.weekdays)
        self.date_words = self.months.keys() | self.weekdays.keys()
        self.stopwords = frozenset(fold(w) for w in grammar.stopwords)
        self.date_pattern = _date_pattern(grammar.dates)

    def opens_number(self, word: str) -> bool:
        """Whether a number in words can start with a word."""
        return word in self.number_starts or (
            self._compound is not None and self._compound.fullmatch(word) is not None
        )

    def is_number_word(self, word: str) -> bool:
        """Whether a word can be part of a spelled number."""
        if word in self.number_words:
            return True
        return self._compound is not None and self._compound.fullmatch(word) is not None

    def _fill(self) -> None:
        g = self.grammar
        lists: list[tuple[str, str, list[str]]] = []
        lists += [("breakdown", name, phrases) for name, phrases in g.breakdowns.items()]
        lists += [("qualifier", q.value, phrases) for q, phrases in g.qualifiers.items()]
        lists += [("qualifier_after", q.value, phrases) for q, phrases in g.qualifiers_after.items()]
        lists += [("counted", "", g.counted), ("ignored", "", g.ignored), ("past", "", g.dates.past)]
        for role in ("since", "until", "between", "after", "before"):
            lists.append(("role", role, getattr(g.dates, role)))
        for name in ("weeks", "recent", "year_start"):
            lists.append(("window", name, getattr(g.dates, name)))
        lists += [("day", str(days), [phrase]) for phrase, days in g.dates.relative.items()]
        for name in ("ngo", "ngos", "government", "families"):
            lists.append(("actor", name, getattr(g.actors, name)))
        for label, value, phrases in lists:
            for phrase in phrases:
                self.matcher.add(phrase, label, value)


def _positions(names: list[list[str]]) -> dict[str, int]:
    return {fold(name): index for index, group in enumerate(names) for name in group}


def _longest_first(names: list[list[str]]) -> str:
    written = [re.escape(fold(name)) for group in names for name in group]
    return "|".join(sorted(written, key=len, reverse=True))


def _date_pattern(dates: Dates) -> re.Pattern[str]:
    months, days = _longest_first(dates.months), _longest_first(dates.weekdays)
    first = "|".join(re.escape(fold(w)) for w in dates.first_of_month) or r"(?!)"
    inner = {"weekday": days, "day": r"\d{1,2}", "other": r"\d{1,2}", "month": months, "first": first}
    inner["year"] = r"(?:19|20)\d{2}"
    serial = count()

    def named(match: re.Match[str]) -> str:
        return f"(?P<{match.group(1)}{next(serial)}>{inner[match.group(1)]})"

    parts = [f"(?:{_PLACEHOLDER.sub(named, fold(pattern))})" for pattern in dates.patterns]
    return re.compile(r"(?<![\w@])(?:" + "|".join(parts) + r")(?!\w)")


def _check(path: Path, grammar: Grammar) -> None:
    for name in grammar.breakdowns:
        for part in name.split(";"):
            key, _, value = part.partition("=")
            if key not in BREAKDOWN_KEYS or not value:
                raise LanguageError(f"{path}: breakdown {name!r} is not key=value with a known key")
    if len(grammar.dates.months) != 12 or len(grammar.dates.weekdays) != 7:
        raise LanguageError(f"{path}: dates need 12 months and 7 weekdays")


@lru_cache(maxsize=16)
def read_language(code: str, own: tuple[tuple[str, str, str], ...] = ()) -> Language:
    """Read and compile one language, with a situation's `own` words. Raises LanguageError with the file and
    what to change."""
    path = FOLDER / f"{code}.toml"
    try:
        grammar = msgspec.toml.decode(path.read_bytes(), type=Grammar)
        language = Language(grammar, own)
    except FileNotFoundError as error:
        raise LanguageError(f"{path}: no such language; there are: {', '.join(languages())}") from error
    except (msgspec.ValidationError, msgspec.DecodeError, PhraseError) as error:
        raise LanguageError(f"{path}: {error}") from error
    _check(path, grammar)
    return language


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def guess_language(words: list[str]) -> str:
    """The language whose words these are most; Spanish on a tie, since most reports are in it."""
    best, most = "es", 0
    words = words[:GUESSED]
    for code in ("es", *languages()):
        language = read_language(code)
        stop, vocabulary = language.stopwords, language.matcher.words
        hits = sum((word in stop) + (word in vocabulary or word in language.months) for word in words)
        if hits > most:
            best, most = code, hits
    return best
