"""A number as a text writes it."""

from typing import NamedTuple


class Number(NamedTuple):
    """A number in the text. Tokens `first` to `last` (exclusive) carry it."""

    first: int
    last: int
    value: int
    high: int | None = None
    qualifier: str = "exact"
    form: str = "figure"  # figure, word, mixed, noun, one, none
    grouped: bool = False
    lead: int = -1  # first token of its qualifier, or `first`
