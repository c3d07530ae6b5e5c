"""What a reader searches the figures for: each word as a number, or as the names that hold it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from dashboards.queries import claim_rows
from dashboards.queries.claim_rows import Word
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text.typed_numbers import fold, read_number

MOST: Final = 6  # words of one search


@remember_asked
def find_words(view: View, text: str) -> tuple[Word, ...]:
    """The words of a search; each must be found in a figure. One that every figure holds asks for nothing."""
    choices = claim_rows.read_combinations(view.build, view.situation_id)
    offered = {each: choices[each].unique().to_list() for each in ("organisation", "measure", "breakdown")}
    found = (_find_word(view, word, offered) for word in text.split()[:MOST])
    return tuple(word for word in found if not _is_everywhere(word, offered))


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
