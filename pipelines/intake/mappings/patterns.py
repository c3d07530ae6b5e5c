"""Regular expressions of mapping files: whoever writes one may take a moment of each report, not a night.

The engine is the one of the package `regex`, which stops in the middle of a search when its time is over. All
searches of one report share one allowance.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

import regex

_SECONDS = 5.0  # of a processor, for one report
_LONGEST: Final = 1_000  # characters of a pattern
_left: ContextVar[float] = ContextVar("pattern_seconds_left", default=_SECONDS)


class PatternError(ValueError):
    """A pattern is not one, or takes too long; the message says which."""


@contextmanager
def allow_time(seconds: float | None = None) -> Iterator[None]:
    """The time that all searches inside may take together."""
    token = _left.set(_SECONDS if seconds is None else seconds)
    try:
        yield
    finally:
        _left.reset(token)


@cache
def compile_pattern(pattern: str) -> "regex.Pattern[str]":
    """The pattern, ready to search. Raises PatternError."""
    if len(pattern) > _LONGEST:
        raise PatternError(f"the pattern {pattern[:40]!r}… is longer than {_LONGEST:,} characters")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        raise PatternError(f"the pattern {pattern!r} is none ({error})") from error


def search(pattern: str, text: str) -> "regex.Match[str] | None":
    """Where the pattern first fits. Raises PatternError when the time is over."""
    return next(find_all(pattern, text), None)


def fit(pattern: str, text: str) -> "regex.Match[str] | None":
    """Whether the pattern is the whole text. Raises PatternError when the time is over."""
    with _timed(pattern) as left:
        return compile_pattern(pattern).fullmatch(text, timeout=left)


def find_all(pattern: str, text: str) -> Iterator["regex.Match[str]"]:
    """Every place where the pattern fits. Raises PatternError when the time is over."""
    compiled, at = compile_pattern(pattern), 0
    while at <= len(text):
        with _timed(pattern) as left:
            found = compiled.search(text, at, timeout=left)
        if found is None:
            return
        yield found
        at = found.end() + (found.end() == found.start())


@contextmanager
def _timed(pattern: str) -> Iterator[float]:
    """The time that is left; what is used of it is gone."""
    left, begun = _left.get(), time.thread_time()
    try:
        if left <= 0:
            raise TimeoutError
        yield left
    except TimeoutError as error:
        raise PatternError(
            f"the pattern {pattern!r} takes too long; write one without nested repeats"
        ) from error
    finally:
        _left.set(left - (time.thread_time() - begun))
