"""How one language writes numbers, days, organisations and parts of the whole: its file, compiled once.

A volunteer edits the TOML and its test; nothing of a language stands in the code.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import msgspec

from pipelines.core.model import BREAKDOWN_KEYS, Qualifier
from pipelines.core.privacy import DiscreetError
from pipelines.intake.prose.text_matching import Matcher, PhraseError, fold, split


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Numbers(_Strict, frozen=True, kw_only=True):
    """How numbers are written in words."""

    words: frozenset[str]  # a spelled number begins with one; its end and value come from text2num
    one: frozenset[str]  # "un", "una": a number only before people or an event
    articles: frozenset[str] = frozenset()  # may stand between a qualifier and its number
    compounds: bool = False  # numbers are written in one word: it begins as one of `words` does
    spelling: dict[str, str] = {}  # spellings that text2num does not know
    nouns: dict[str, int] = {}  # "centenar" = 100
    halves: list[str] = []  # "medio" in "medio centenar", "half a" in "half a dozen"
    multipliers: dict[str, int] = {}  # "9 mil", "3 thousand"
    none: frozenset[str] = frozenset()  # "ninguna": zero, before an event


class Dates(_Strict, frozen=True, kw_only=True):
    """How days and months are written."""

    months: list[list[str]]
    weekdays: list[list[str]]  # Monday first
    patterns: list[str]  # with {day} {month} {year} {weekday}
    first_of_month: list[str] = []  # "primero" in "primero de mayo"
    between_words: frozenset[str]  # what may stand between a role word and its date
    joiners: frozenset[str]


class Grammar(_Strict, frozen=True, kw_only=True):
    """One language file as written. `words` are phrases by what they mean: a part (key=value), or a label of
    LABELS with one of its values."""

    language: str
    stopwords: frozenset[str]
    joint: frozenset[str]  # between two that speak together: "y"
    range_joiners: frozenset[str] = frozenset()
    numbers: Numbers
    dates: Dates
    words: dict[str, list[str]]


LABELS: Final = {
    "counted": {""},  # what is counted after "un", "una", which is a number only there: "un detenido"
    "ignored": {""},  # nothing inside is read: "justicia militar", "una vez"
    "past": {""},  # before or after a weekday: "pasado"
    "qualifier": frozenset(Qualifier),
    "qualifier_after": frozenset(Qualifier),
    "role": {"since", "until", "between", "after", "before"},  # before a day
    "window": {"weeks", "recent", "year_start"},  # "la semana pasada"; without a start; "en lo que va de año"
    "day": set(map(str, range(-31, 1))),  # counted from today: "ayer" is -1
    # who may be meant without a name: whoever was named before ("la ONG"), nobody in particular, …
    "actor": {"ngo", "ngos", "government", "families"},
}
_PLACEHOLDER: Final = re.compile(r"\{(weekday|day|other|month|year|first)\}")
GUESSED: Final = 150  # words that show a text's language
FOLDER: Final = Path(__file__).parent / "languages"
WORDS: Final = Path(__file__).with_name("mention_words.toml")  # those of all languages together


class LanguageError(DiscreetError):
    """A language file cannot be used; the message names the file and what to change."""


def name_mark(what: str) -> tuple[str, str]:
    """Label and value of what a phrase means. Raises PhraseError where it is neither a part nor a label."""
    label, _, value = what.partition("=")
    if label in BREAKDOWN_KEYS and value:
        return "breakdown", what
    if value not in LABELS.get(label, ()):
        raise PhraseError(
            f"words: {what!r} is no part (key=value with a known key) and no label with its value"
        )
    return label, value


class Language:
    """A grammar compiled for matching, with the words of one situation, by what they mean."""

    def __init__(self, grammar: Grammar, own: Iterable[tuple[str, str]] = ()) -> None:
        self.code = grammar.language
        self.matcher, self.ignored = Matcher(), Matcher()
        for what, phrases in grammar.words.items():
            self._add(what, phrases)
        own_words = self.matcher.words | self.ignored.words
        try:
            for what, phrase in own:
                self._add(what, [phrase])
        except PhraseError as error:
            raise LanguageError(f"situation.toml: words: {error}") from error
        self.grammar, self.numbers, self.dates = grammar, grammar.numbers, grammar.dates
        numbers, dates = self.numbers, self.dates
        self._pieces = tuple(numbers.words) if numbers.compounds else ()
        self.halves = sorted(map(split, numbers.halves), key=len, reverse=True)  # the longest is meant
        self.number_starts = numbers.words.union(
            numbers.one, numbers.none, numbers.nouns, numbers.multipliers
        )
        self.months, self.weekdays = _positions(dates.months), _positions(dates.weekdays)
        self.known = own_words | self.months.keys()
        self.date_words = self.months.keys() | self.weekdays.keys()
        self.date_pattern = _date_pattern(dates, self.months, self.weekdays)
        lists = (
            self.number_starts, numbers.articles, numbers.spelling,
            grammar.joint, grammar.range_joiners, grammar.stopwords,
            dates.between_words, dates.joiners, self.date_words, dates.first_of_month, numbers.halves,
        )  # fmt: skip
        self.vocabulary = own_words.union(*(split(phrase) for phrases in lists for phrase in phrases))

    def _add(self, what: str, phrases: Iterable[str]) -> None:
        matcher = self.ignored if what == "ignored" else self.matcher
        for phrase in phrases:
            matcher.add(phrase, *name_mark(what))

    def opens_number(self, word: str) -> bool:
        """Whether a number in words can start with a word."""
        return word in self.number_starts or word.startswith(self._pieces)


def _fold_all(told: Any) -> Any:
    """A file as texts are matched: its keys and lists small and without accents. A spelling keeps its own."""
    if isinstance(told, dict):
        return {fold(key): _fold_all(value) for key, value in told.items()}
    if isinstance(told, list):
        return [fold(each) if isinstance(each, str) else _fold_all(each) for each in told]
    return told


def _positions(names: list[list[str]]) -> dict[str, int]:
    return {name: index for index, group in enumerate(names) for name in group}


def any_of(words: Iterable[str]) -> str:
    """A pattern for words; one that ends in * is the beginning of words."""
    longest = sorted(words, key=len, reverse=True)
    return "(?:" + ("|".join(re.escape(word).replace(r"\*", r"\w*") for word in longest) or r"(?!)") + ")"


def _date_pattern(dates: Dates, months: Iterable[str], weekdays: Iterable[str]) -> re.Pattern[str]:
    inner = {
        "weekday": any_of(weekdays),
        "month": any_of(months),
        "first": any_of(dates.first_of_month),
        "day": r"\d{1,2}",
        "other": r"\d{1,2}",
        "year": r"(?:19|20)\d{2}",
    }
    serial = count()

    def named(match: re.Match[str]) -> str:
        return f"(?P<{match.group(1)}{next(serial)}>{inner[match.group(1)]})"

    parts = (f"(?:{_PLACEHOLDER.sub(named, pattern)})" for pattern in dates.patterns)
    return re.compile(rf"(?<![\w@])(?:{'|'.join(parts)})(?!\w)")


@lru_cache(maxsize=16)
def read_language(code: str, own: tuple[tuple[str, str], ...] = ()) -> Language:
    """Read and compile one language, with a situation's `own` words, by what they mean. Raises LanguageError
    with the file and what to change."""
    path = FOLDER / f"{code}.toml"
    try:
        grammar = msgspec.convert(_fold_all(msgspec.toml.decode(path.read_bytes())), Grammar)
        if len(grammar.dates.months) != 12 or len(grammar.dates.weekdays) != 7:
            raise PhraseError("dates need 12 months and 7 weekdays")
        return Language(grammar, own)
    except FileNotFoundError as error:
        raise LanguageError(f"{path}: no such language; there are: {', '.join(languages())}") from error
    except (msgspec.ValidationError, msgspec.DecodeError, PhraseError) as error:
        raise LanguageError(f"{path}: {error}") from error


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def guess_language(words: list[str]) -> str:
    """The language whose words these are most; Spanish on a tie, since most reports are in it."""

    told = Counter(words[:GUESSED])

    def count_known(code: str) -> int:
        language = read_language(code)
        known = (language.grammar.stopwords, language.known)
        return sum(told[word] for each in known for word in told.keys() & each)

    return max(("es", *languages()), key=count_known)


@cache
def read_words() -> dict[str, Any]:
    """The words of `mention_words.toml`, by section."""
    return tomllib.loads(WORDS.read_text("utf-8"))
