"""Every word shown to a reader: one gettext catalogue a language, numbers and dates by Babel.

A language is one file, `locales/<language>/LC_MESSAGES/liberometro.po`; its header `Language` names the
locale that numbers and dates are written in. Nothing compiled is kept: catalogues are read as they are.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_decimal_symbol, get_group_symbol

from pipelines.core.model import Qualifier
from pipelines.core.situation import Situation

LOCALES: Final = Path(__file__).resolve().parent / "locales"
FIRST_LANGUAGE: Final = "es"
_CATALOGUE: Final = Path("LC_MESSAGES") / "liberometro.po"
ONE: Final = ".one"  # behind an id in a situation's `wording`: its text where the number is one
_MARKS: Final = frozenset('<>&"[]`')


class MissingWordsError(KeyError):
    """A page asks for words that a catalogue lacks; the message names both."""

    def __str__(self) -> str:
        return str(self.args[0])


def list_languages() -> list[str]:
    """Codes of the languages that have a catalogue, Spanish first."""
    found = {path.parent.parent.name for path in LOCALES.glob(f"*/{_CATALOGUE}")}
    return sorted(found, key=lambda code: (code != FIRST_LANGUAGE, code))


def read_catalogue(language: str) -> Catalog:
    """One language's catalogue as Babel reads it. Raises FileNotFoundError for a language without one."""
    with (LOCALES / language / _CATALOGUE).open("rb") as file:
        return read_po(file)


class Month(str):
    """A month in words, which texts set other words before than before a day: el 3 de agosto, en agosto."""


class Named(str):
    """A name with the article that it takes: it melts with a word before it, de el → del, and a sentence that
    it begins has its first letter large.
    """


class Words:
    """The words of one language. Call it with a symbolic id and the values that its text names."""

    def __init__(self, language: str) -> None:
        self.language = language
        catalogue = read_catalogue(language)
        self.locale: Locale = catalogue.locale or Locale.parse(language)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        self._translations = GNUTranslations(compiled)
        self._own: dict[str, str] = {}

    def of_situation(self, situation: Situation) -> "Words":
        """The same words, but for the texts that a situation gives in the place of the common ones."""
        words, misfits = copy(self), self.find_misfits(situation)
        words._own = {key: self.of(texts) for key, texts in situation.wording.items() if key not in misfits}
        return words

    def find_misfits(self, situation: Situation) -> list[str]:
        """The ids in a situation's `wording` that the catalogue lacks, or whose text is not plain words."""
        return [
            key
            for key, texts in situation.wording.items()
            if not ((self.has(key) or self._is_one(key)) and _is_plain(self.of(texts)))
        ]

    def _is_one(self, key: str) -> bool:
        """Whether `key` asks for the singular (`<id>.one`) of a text that has a plural."""
        of = key.removesuffix(ONE)
        return of != key and self._translations.ngettext(of, of, 1) != of

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of `key`. Raises MissingWordsError where the catalogue has none."""
        return self._fill(key, self._translations.gettext(key), values)

    def plural(self, key: str, count: int, /, **values: object) -> str:
        """The text of `key` in the form that `count` takes, where it has several; it may name `{count}`."""
        text = self._translations.ngettext(key, key, count)
        if text == key:
            text = self._translations.gettext(key)
        own = self._own.get(f"{key}{ONE}") if count == 1 else None
        return self._fill(key, text, {**values, "count": self.number(count)}, own)

    def _fill(self, key: str, common: str, values: Mapping[str, object], one: str | None = None) -> str:
        """The situation's own text where it has one (the singular `one` before the other), else the common
        one; gettext answers with the id itself where it has none. An own text that names a value which is not
        there gives way.
        """
        if common == key:
            raise MissingWordsError(f"no words for {key!r} in the catalogue of {self.language!r}")
        own = one or self._own.get(key)
        if own is not None:
            with suppress(KeyError):
                return self._fit(own, values).format(**values)
        return self._fit(common, values).format(**values)

    def _fit(self, text: str, values: Mapping[str, object]) -> str:
        """The text with the words before each month and each name with an article that these take."""
        for name, value in values.items():
            if isinstance(value, Named):
                text = self._fit_name(text, f"{{{name}}}", value)
        for name in (name for name, value in values.items() if isinstance(value, Month)):
            for before_day, before_month in self._before_months:
                text = re.sub(rf"\b{before_day} \{{{name}\}}", f"{before_month} {{{name}}}", text)
        return text

    def _fit_name(self, text: str, place: str, name: Named) -> str:
        """The text with a name set wherever it begins a sentence or melts with the word before it."""
        plain = name.replace("{", "{{").replace("}", "}}")
        article, _, rest = plain.partition(" ")
        for apart, melted in self._melted_articles:
            before, own = apart.split()
            if own == article:
                whole = f"{melted} {rest}".replace("\\", r"\\")
                text = re.sub(rf"\b{before} {re.escape(place)}", whole, text)
        begins = rf"(^|\. ){re.escape(place)}"
        return re.sub(begins, lambda found: found[1] + plain[:1].upper() + plain[1:], text)

    @cached_property
    def _melted_articles(self) -> list[tuple[str, str]]:
        """A word and an article, and what they melt into: each small, and with a capital."""
        return self._read_pairs("name.before")

    @cached_property
    def _before_months(self) -> list[tuple[str, str]]:
        """What stands before a day, and before a month in its place: each small, and with a capital."""
        return self._read_pairs("month.before")

    def _read_pairs(self, key: str) -> list[tuple[str, str]]:
        """What stands as `one → other, …`: each small, and with a capital."""
        stated = self._translations.gettext(key)
        pairs = [pair.split(" → ") for pair in stated.split(", ") if " → " in pair]
        cases = (str.lower, str.capitalize)
        return [
            (case(before_day), case(before_month)) for before_day, before_month in pairs for case in cases
        ]

    def has(self, key: str) -> bool:
        """Whether the catalogue has a text for `key`."""
        return self._translations.gettext(key) != key

    @cached_property
    def own_name(self) -> str:
        """What the language calls itself, capitalised: Español."""
        return (Locale.parse(self.language).get_display_name() or self.language).capitalize()

    @cached_property
    def region(self) -> str:
        """Language and territory, as Open Graph wants them: es_ES, en_GB, pt_BR."""
        likely = Locale.parse(str(get_global("likely_subtags")[self.language]))
        return f"{self.locale.language}_{self.locale.territory or likely.territory}"

    @cached_property
    def separators(self) -> str:
        """Decimal and thousands separators, as plotly wants them."""
        return get_decimal_symbol(self.locale) + get_group_symbol(self.locale)

    def number(self, value: int) -> str:
        """A count: 1.697 in Spanish, 1,697 in English."""
        return _format_count(value, self.locale)

    def rate(self, value: float) -> str:
        """A pace, no finer than it is known: 12 from ten on, 3,5 below."""
        shown = round(value) if abs(value) >= 10 else round(value, 1) + 0.0
        return format_decimal(shown, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share as a whole percentage: 81 %."""
        return format_percent(round(share, 2), locale=self.locale)

    def day(self, day: date) -> str:
        """8 de enero de 2026."""
        return format_date(day, "long", locale=self.locale)

    def short_day(self, day: date) -> str:
        """8 ene 2026, for tables and hover texts."""
        return _format_day("yMMMd", day, self.locale)

    def moment(self, day: date, precision: str = "day") -> str:
        """A claim's moment as finely as it is known: a day, or a month."""
        if precision == "month":
            return Month(_format_day("yMMMM", day, self.locale))
        return self.day(day)

    def minute(self, stated: str) -> str:
        """A moment of ISO 8601 in UTC, without saying so: 28 de noviembre de 2026, 11:06."""
        moment = datetime.fromisoformat(stated).astimezone(UTC)
        return f"{self.day(moment)}, {moment:%H:%M}"

    def tick(self, day: date, step: str) -> str:
        """The label of a date axis; `step` is a Babel skeleton: y, yMMM, MMM or MMMd."""
        return _format_day(step, day, self.locale)

    def age(self, day: date, today: date) -> str:
        """How long ago in whole years, months, weeks or days that have passed: hace 3 meses."""
        if day >= today:
            return self("age.today")
        return format_timedelta(
            -_find_whole_unit(day, today), threshold=1, add_direction=True, locale=self.locale
        )

    def days(self, count: int) -> str:
        """A number of days as a length of time: 60 días."""
        told = format_timedelta(timedelta(days=count), granularity="day", threshold=1000, locale=self.locale)
        return told.replace(str(count), self.number(count))  # babel writes 1279 without its separator

    def amount(self, qualifier: str, value: int, value_high: int | None = None) -> str:
        """A figure as hedged as it was stated: más de 400."""
        if qualifier == Qualifier.EXACT:
            return self.number(value)
        if value_high is not None:
            return self("qualifier.range", low=self.number(value), high=self.number(value_high))
        if qualifier == Qualifier.RANGE:  # only its lower end is at hand: at least that
            qualifier = Qualifier.AT_LEAST
        return self(f"qualifier.{qualifier}", value=self.number(value))

    def listed(self, items: list[str]) -> str:
        """Items as a sentence lists them: a, b y c."""
        if len(items) < 2:
            return "".join(items)
        return self("list.last", head=", ".join(items[:-1]), last=items[-1])

    def of(self, texts: Mapping[str, str]) -> str:
        """A situation's own text in this language, else in Spanish, which every situation has."""
        return texts.get(self.language) or texts[FIRST_LANGUAGE]

    def of_column(self, row: Mapping[str, Any], name: str) -> str:
        """The text of a row with a column a language, `name`_es and so on; empty where nobody wrote one."""
        return row.get(f"{name}_{self.language}") or row[f"{name}_{FIRST_LANGUAGE}"] or ""

    def about(self, key: str, situation: Situation, **values: object) -> str:
        """The text of `key`, which names a situation: the situation's own where it gives one that fits.

        It may name `situation`, and where the name stands within a sentence `in_situation`, `of_situation`.
        """
        own = situation.wording.get(key)
        name = self.of(situation.name)
        values["situation"] = name
        values["in_situation"] = situation.name_in.get(self.language) or self("situation.in", situation=name)
        values["of_situation"] = situation.name_of.get(self.language) or self("situation.of", situation=name)
        if own:
            with suppress(KeyError, IndexError, ValueError):
                return self._fit(self.of(own), values).format(**values)
        return self(key, **values)

    def breakdown(self, breakdown: str, labels: Mapping[str, Mapping[str, str]]) -> str:
        """A breakdown in words: mujeres; nacionalidad: española. `total` is the whole."""
        if breakdown == "total":
            return self("breakdown.total")
        return ", ".join(self._part(part, labels) for part in breakdown.split(";"))

    def _part(self, part: str, labels: Mapping[str, Mapping[str, str]]) -> str:
        key, _, value = part.partition("=")
        own = f"breakdown.{key}.{value}"
        bare = value in ("yes", "no") and self.has(own)  # says nothing without what it is asked of
        if value in labels and not bare:
            return self.of(labels[value])
        if self.has(own):
            return self(own)
        return self("breakdown.other", key=self(f"breakdown_key.{key}"), value=value.replace("_", " "))


def _find_whole_unit(day: date, today: date) -> timedelta:
    """The time since a day in the largest unit that has passed whole, as long as Babel reckons that unit."""
    months = 12 * (today.year - day.year) + today.month - day.month - (today.day < day.day)
    days = (today - day).days
    if months >= 12:
        return timedelta(days=365 * (months // 12))
    if months:
        return timedelta(days=30 * months)
    return timedelta(days=days - days % 7 if days >= 7 else days)


@lru_cache(maxsize=16384)
def _format_count(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=16384)
def _format_day(skeleton: str, day: date, locale: Locale) -> str:
    """A day as Babel's skeleton says; the same days stand in every table and hover text."""
    return format_skeleton(skeleton, day, locale=locale)


@lru_cache
def read_words(language: str) -> Words:
    """The words of one language, read once."""
    return Words(language)


def list_values(text: str) -> set[str]:
    """The names of the values that a text expects: `{day}` → day."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _is_plain(text: str) -> bool:
    """Whether a text from outside is words and names of values alone, without marks of a page's code."""
    try:
        return not _MARKS & set(text) and all(name.isidentifier() for name in list_values(text))
    except ValueError:  # a brace alone
        return False


def list_texts(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """Each id with its texts, one a plural form."""
    texts: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            texts[key] = (string,) if isinstance(string, str) else tuple(string)
    return texts
