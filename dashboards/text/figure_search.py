"""What a reader searches the figures for: each word as a number, or as the names that hold it; days by their
month's name as the span that they are.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from dashboards.queries import claim_rows
from dashboards.queries.claim_rows import Word
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text.typed_numbers import MILLIONS, THOUSANDS, fold, read_number

MOST: Final = 6  # words of one search
_WORD: Final = re.compile(rf"\d[\d.,]*\s+(?:{'|'.join((*THOUSANDS, *MILLIONS))})\b|\S+")  # "9 mil" is one
_MONTH, _YEAR = r"(?P<month>[^\W\d_]{3,})\.?,?", r"(?P<year>[12]\d{3})"
_NUMBERED: Final = r"(?P<month>0?[1-9]|1[0-2])"
_DAYS: Final = tuple(
    re.compile(rf"(?<![\w/.-]){form}(?![\w/-])")
    for form in (
        rf"(?:(?P<day>\d{{1,2}})\s+(?:de\s+)?)?{_MONTH}\s+(?:del?\s+)?{_YEAR}",  # 27 de marzo de 2026
        rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+{_YEAR}",  # March 27, 2026
        rf"{_YEAR}-{_NUMBERED}(?:-(?P<day>\d{{1,2}}))?",
        rf"(?P<day>\d{{1,2}})/{_NUMBERED}/{_YEAR}",
    )
)


@remember_asked
def find_words(view: View, text: str) -> tuple[Word, ...]:
    """The words of a search; each must be found in a figure. One that every figure holds asks for nothing."""
    choices = claim_rows.read_combinations(view.build, view.situation_id)
    offered = {each: choices[each].unique().to_list() for each in ("organisation", "measure", "breakdown")}
    apart, _ = _split_days(view, text)
    found = (_find_word(view, word, offered) for word in _WORD.findall(apart)[:MOST])
    return tuple(word for word in found if not _is_everywhere(word, offered))


def find_span(view: View, text: str) -> tuple[date | None, date | None]:
    """The first and the last day of all that a search names: a day, or a month, each with its year."""
    _, spans = _split_days(view, text)
    return max((first for first, _ in spans), default=None), min((last for _, last in spans), default=None)


def _split_days(view: View, text: str) -> tuple[str, list[tuple[date, date]]]:
    """The folded text without its days, and these."""
    named = {fold(name): number for number, name in view.words.locale.months["format"]["wide"].items()}
    months = named | {form.format(number): number for number in range(1, 13) for form in ("{}", "{:02}")}
    spans: list[tuple[date, date]] = []

    def take(match: re.Match[str]) -> str:
        month = next((number for name, number in months.items() if name.startswith(match["month"])), None)
        if month is None:
            return match[0]
        year = int(match["year"])
        length = monthrange(year, month)[1]
        first, last = int(match["day"] or 1), int(match["day"] or length)
        if not 1 <= first <= length:
            return match[0]
        spans.append((date(year, month, first), date(year, month, last)))
        return " "

    apart = fold(text)
    for form in _DAYS:
        apart = form.sub(take, apart)
    return apart, spans


def _find_word(view: View, word: str, offered: Mapping[str, Sequence[str]]) -> Word:
    words, labels, sought = view.words, view.situation.breakdown_labels, fold(word)
    digits = any(letter.isdigit() for letter in word)
    return Word(
        text=word.casefold(),
        number=read_number(word, view.language) if digits else None,
        organisations=_hold(sought, ((each, view.names[each]) for each in offered["organisation"])),
        measures=_hold(sought, ((each, words(f"measure.{each}")) for each in offered["measure"])),
        breakdowns=_hold(sought, ((each, words.breakdown(each, labels)) for each in offered["breakdown"])),
        publishers=_hold(sought, view.publishers.items()),
    )


def _is_everywhere(word: Word, offered: Mapping[str, Sequence[str]]) -> bool:
    held = {"organisation": word.organisations, "measure": word.measures, "breakdown": word.breakdowns}
    return any(len(held[each]) == len(ids) for each, ids in offered.items() if ids)


def _hold(sought: str, named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(each for each, name in named if sought in fold(name)))
