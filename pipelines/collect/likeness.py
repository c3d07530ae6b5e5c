"""Whether two texts are reprints of each other. Exact on runs of five words; a small sketch finds candidates.

Numbers are the point here: last week's bulletin and this week's share every word but the figures, and are two
statements. So runs of words are compared with numbers blanked, and a shared run with another number in it
says that the texts are not the same, however alike they are.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

SHINGLE: Final = 5  # words
SKETCH: Final = 128  # smallest hashes kept (Broder 1997: bottom-k sketch)
ENOUGH: Final = 12  # runs; a shorter text is too little to be called a reprint
ALIKE: Final = 0.6  # Jaccard index of the two sets of runs …
WITHIN: Final = 0.85  # … or the share of the shorter text that stands in the longer
_CANDIDATE: Final = 0.1  # estimated Jaccard index from which two texts are compared exactly

_WORD: Final = re.compile(r"\d+(?:[.,:/ ]\d+)*|[^\W\d_]+")

Runs = Mapping[str, frozenset[str]]  # a run with its numbers blanked → what stood in the blanks


def runs(text: str) -> Runs:
    """Every run of five words, case and accents dropped, with the numbers that stood in it."""
    words = _WORD.findall(_plain(text))
    blanked = ["0" if word[0].isdigit() else word for word in words]
    found: dict[str, set[str]] = {}
    for start in range(len(words) - SHINGLE + 1):
        end = start + SHINGLE
        figures = " ".join(word for word in words[start:end] if word[0].isdigit())
        found.setdefault(" ".join(blanked[start:end]), set()).add(figures)
    return {run: frozenset(figures) for run, figures in found.items()}


def sketch(text_runs: Runs) -> list[int]:
    """The smallest hashes of the runs, ascending; two sketches estimate the Jaccard index of two texts."""
    return sorted(_hash(run) for run in text_runs)[:SKETCH]


def may_be_alike(one: list[int], other: list[int]) -> bool:
    """Whether an exact comparison is worth it, from the sketches alone."""
    if min(len(one), len(other)) < ENOUGH:
        return False
    union = sorted({*one, *other})[:SKETCH]
    shared = set(one) & set(other)
    return sum(value in shared for value in union) >= _CANDIDATE * len(union)


def is_reprint(one: Runs, other: Runs) -> bool:
    """True where the texts are nearly the same and no number differs in a run that both have."""
    shorter = min(len(one), len(other))
    shared = one.keys() & other.keys()
    if shorter < ENOUGH or not shared:
        return False
    if any(one[run].isdisjoint(other[run]) for run in shared):
        return False
    jaccard = len(shared) / (len(one) + len(other) - len(shared))
    return jaccard >= ALIKE or len(shared) >= WITHIN * shorter


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=6).digest(), "big")
