"""The grammar of claims in one language: its file as a volunteer writes it, compiled once.

A volunteer edits the TOML and its test; nothing of a language stands in the code.
"""

import re
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
    same_day: list[str] = []  # "esa fecha"
    reports: list[str] = []  # "informe", "count": the day that a report bears is that of its figures
    bare_day: list[str] = []  # before a day without its month: "el" in "una el 27"
    recent: list[str] = []  # "en los últimos días": a window without a start
    weeks: list[str]  # "la semana pasada"
    weekend: list[str]
    year_start: list[str]  # "en lo que va de año"
    month_start: list[str] = []
    between_words: list[str]  # what may stand between a role word and its date
    since: list[str]
    until: list[str]
    between: list[str]
    after: list[str]
    before: list[str] = []
    joiners: list[str]
    post_election: list[str] = []  # "poselectorales": a window that starts with the situation's cohort


class Attribution(_Strict, frozen=True, kw_only=True):
    """Who says it."""

    announce: list[str]  # a batch made public: "anunció la excarcelación de"
    said: list[str]
    according: list[str]
    by: list[str]
    objects: list[str]  # words before a name that is spoken to, not speaking
    relative: list[str]  # "que", "that"
    joint: list[str]
    clause_openers: list[str] = []  # before a name that opens a clause: "y", "mientras"
    ngo: list[str]  # "la ONG": the organisation named before
    official: list[str] = []  # "cifras oficiales": of the one office that is named, else the government
    own: list[str] = []  # "su presidente": of whoever was named before, whatever they are
    ngos: list[str]  # "las ONG": nobody in particular
    government: list[str]
    families: list[str] = []
    outlets: list[str] = []


class Grammar(_Strict, frozen=True, kw_only=True):
    """One language file as written."""

    language: str
    stopwords: list[str]
    numbers: Numbers
    qualifiers: dict[Qualifier, list[str]]
    qualifiers_after: dict[Qualifier, list[str]] = {}
    range_joiners: list[str] = []
    change_from: list[str] = []  # "de" and "a" in "bajó de 940 a 807"
    change_to: list[str] = []
    classes: dict[str, list[str]]
    breakdowns: dict[str, list[str]]
    people: list[str]
    compatriots: list[str] = []  # the part that is everybody, unless the sentence names another nationality
    fillers: list[str]
    copulas: list[str]
    lead_in: list[str]
    there_is: list[str] = []  # "hay", after a label: "sin condena hay 528"
    causes: list[str] = []  # "se redujo a 678 tras las excarcelaciones": why it changed, not what is counted
    function_words: list[str]
    boundaries: list[str]
    asides: list[str] = []  # words that open an aside between two commas: "en", "sin", "bajo"
    part_of: list[str]
    cumulative: list[str]
    additional: list[str]
    units: list[str]
    units_before: list[str]
    rates: list[str] = []  # "al día": so many each day, not so many
    kin: list[str] = []  # "su hijo, 29, …": a number after a relative is an age
    compared: list[str]
    ignored: list[str] = []
    dates: Dates
    attribution: Attribution


_PLACEHOLDER: Final = re.compile(r"\{(weekday|day|other|month|year|first)\}")
GUESSED: Final = 150  # words that show a text's language
FOLDER: Final = Path(__file__).parent / "languages"


class LanguageError(DiscreetError):
    """A language file cannot be used; the message names the file and what to change."""


class Language:
    """A grammar compiled for matching."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.code = grammar.language
        self.matcher = Matcher()
        self._fill()
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
        self.halves = {split(phrase) for phrase in numbers.halves}
        self.nones = {fold(w) for w in numbers.none}
        self.number_starts = self.number_words | self.ones | self.nones | self.number_nouns.keys()
        self.fillers = {fold(w) for w in grammar.fillers}
        self.copulas = {fold(w) for w in grammar.copulas}
        self.there_is = {fold(w) for w in grammar.there_is}
        self.day_words = {fold(w): str(days) for w, days in grammar.dates.relative.items() if " " not in w}
        self.change_from = {fold(w) for w in grammar.change_from}
        self.change_to = {fold(w) for w in grammar.change_to}
        self.compatriots = frozenset(grammar.compatriots)
        self.reports = {fold(w) for w in grammar.dates.reports}
        self.asides = {fold(w) for w in grammar.asides}
        self.kin = {fold(w) for w in grammar.kin}
        self.causes = {fold(w) for w in grammar.causes}
        self.lead_in = {fold(w) for w in grammar.lead_in}
        self.function_words = {fold(w) for w in grammar.function_words}
        self.objects = {fold(w) for w in grammar.attribution.objects}
        self.joint = {fold(w) for w in grammar.attribution.joint}
        self.clause_openers = {fold(w) for w in grammar.attribution.clause_openers}
        self.relative = {fold(w) for w in grammar.attribution.relative}
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
        lists += [("class", name, phrases) for name, phrases in g.classes.items()]
        lists += [("breakdown", name, phrases) for name, phrases in g.breakdowns.items()]
        lists += [("qualifier", q.value, phrases) for q, phrases in g.qualifiers.items()]
        lists += [("qualifier_after", q.value, phrases) for q, phrases in g.qualifiers_after.items()]
        for label in ("people", "boundaries", "part_of", "cumulative", "additional", "units", "units_before"):
            lists.append((label, "", getattr(g, label)))
        lists += [("compared", "", g.compared), ("ignored", "", g.ignored), ("rates", "", g.rates)]
        for role in ("since", "until", "between", "after", "before"):
            lists.append(("role", role, getattr(g.dates, role)))
        for name in ("weeks", "recent", "weekend", "year_start", "month_start", "post_election"):
            lists.append(("window", name, getattr(g.dates, name)))
        lists += [("past", "", g.dates.past), ("same_day", "", g.dates.same_day)]
        lists.append(("bare_day", "", g.dates.bare_day))
        held, out = "prior_status=detained", "prior_status=precautionary"
        lists.append(("class", "custody_noun", g.breakdowns.get(held, [])))
        lists.append(("class", "restricted", g.breakdowns.get(out, [])))
        lists.append(("announce", "", g.attribution.announce))
        lists += [("day", str(days), [phrase]) for phrase, days in g.dates.relative.items()]
        for name in (
            "said",
            "according",
            "by",
            "ngo",
            "own",
            "official",
            "ngos",
            "government",
            "families",
            "outlets",
        ):
            label = "speech" if name in ("said", "according", "by") else "actor"
            lists.append((label, name, getattr(g.attribution, name)))
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
def read_language(code: str) -> Language:
    """Read and compile one language. Raises LanguageError with the file and what to change."""
    path = FOLDER / f"{code}.toml"
    try:
        grammar = msgspec.toml.decode(path.read_bytes(), type=Grammar)
        language = Language(grammar)
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
