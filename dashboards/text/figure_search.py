"""What a reader searches the figures for: each word as a number, or as the names that hold it."""

from collections.abc import Iterable
from typing import Final

from dashboards.queries import claim_rows
from dashboards.queries.claim_rows import Word
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text.typed_numbers import fold, read_number

MOST: Final = 6  # words of one search


@remember_asked
def find_words(view: View, text: str) -> tuple[Word, ...]:
    """The words of a search; each must be found in a figure."""
    return tuple(_find_word(view, word) for word in text.split()[:MOST])


def _find_word(view: View, word: str) -> Word:
    found = claim_rows.read_combinations(view.build, view.situation_id)
    words, labels, sought = view.words, view.situation.breakdown_labels, fold(word)
    digits = any(letter.isdigit() for letter in word)
    return Word(
        text=word.casefold(),
        number=read_number(word, view.language) if digits else None,
        organisations=_hold(sought, ((each, view.names[each]) for each in found["organisation"].unique())),
        measures=_hold(sought, ((each, words(f"measure.{each}")) for each in found["measure"].unique())),
        breakdowns=_hold(
            sought, ((each, words.breakdown(each, labels)) for each in found["breakdown"].unique())
        ),
        publishers=_hold(sought, view.publishers.items()),
    )


def _hold(sought: str, named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(each for each, name in named if sought in fold(name)))
