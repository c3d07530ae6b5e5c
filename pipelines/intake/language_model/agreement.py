"""Two readers beside each other: where they read the same, and what that may change.

A language model that was asked may take away that a figure is sure, and never makes one sure: it reads a text
that a stranger wrote, who may have told it what to say.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipelines.intake.prose.extraction import Candidate
from pipelines.intake.prose.mentions import Span

FIELDS: Final = (
    "measure", "organisation", "breakdown", "qualifier", "value", "value_high", "as_of",
)  # fmt: skip


def find_differences(candidate: Candidate, asked: Sequence[Candidate]) -> dict[str, str] | None:
    """The fields that the asked reader reads otherwise, with its reading; {} where it reads the same, None
    where it takes the number for no claim. Of several readings of one number the closest counts."""
    others = [_compare(candidate, each) for each in asked if _overlap(candidate, each)]
    return min(others, key=len, default=None)


def _compare(one: Candidate, other: Candidate) -> dict[str, str]:
    return {name: str(getattr(other, name)) for name in FIELDS if getattr(one, name) != getattr(other, name)}


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def was_asked(candidate: Candidate, unasked: Collection[Span]) -> bool:
    """Whether the asked reader saw the number; `unasked` are characters that a mask hid from it."""
    return not any(first < candidate.span[1] and candidate.span[0] < last for first, last in unasked)


def confirm(
    candidates: Sequence[Candidate], asked: Sequence[Candidate] | None, unasked: Collection[Span] = ()
) -> list[Candidate]:
    """The candidates of the learned reader, sure only where they were and the asked reader reads the same in
    every field. Where it did not answer (`asked` is None) or was not asked, nothing changes."""
    if asked is None:
        return list(candidates)
    return [
        replace(each, auto=each.auto and find_differences(each, asked) == {})
        if was_asked(each, unasked)
        else each
        for each in candidates
    ]


def list_unread(candidates: Sequence[Candidate], asked: Sequence[Candidate]) -> Iterator[Candidate]:
    """What the asked reader alone takes for a claim: where the other reader reads no number. Never sure."""
    for each in asked:
        if not any(_overlap(each, other) for other in candidates):
            yield replace(each, auto=False)
