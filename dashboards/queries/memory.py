"""Answers kept in memory for all visitors: within a number of bytes, each made once however many ask for it.

What everybody sees today and what somebody asked for (a past day, a choice of their own) are kept apart:
nobody can push the front page out of memory by asking for other things.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import CancelledError, Future
from datetime import date
from enum import Enum
from functools import partial, wraps
from threading import Lock
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final, ParamSpec, TypeVar

import polars as pl

P = ParamSpec("P")
T = TypeVar("T")

_ENTRY: Final = 512  # bytes of a kept answer's own bookkeeping
_SHARED: Final = (type, ModuleType, FunctionType, BuiltinFunctionType, partial, Enum)  # there anyway


class Pool:
    """Answers by their question, the one that was not asked for longest going first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0  # bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def find(self, key: Hashable) -> Any | None:
        """The kept answer; None where there is none."""
        with self._lock:
            return self._touch(key) if key in self._kept else None

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """The kept answer, else what `make` gives; who asks while it is being made waits for the same."""
        while True:
            with self._lock:
                if key in self._kept:
                    kept: T = self._touch(key)
                    return kept
                awaited = self._making.get(key)
                if awaited is None:
                    mine: Future[T] = Future()
                    self._making[key] = mine
            if awaited is None:
                return self._make(key, make, mine)
            try:
                answer: T = awaited.result()
                return answer
            except CancelledError:  # who made it was stopped: the next one makes it
                continue

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.held = 0

    def _touch(self, key: Hashable) -> Any:
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def _make(self, key: Hashable, make: Callable[[], T], mine: "Future[T]") -> T:
        try:
            made = make()
            self._keep(key, made)
        except Exception as error:
            mine.set_exception(error)
            raise
        except BaseException:
            mine.cancel()
            raise
        finally:
            with self._lock:
                self._making.pop(key, None)
        mine.set_result(made)
        return made

    def _keep(self, key: Hashable, made: Any) -> None:
        size = _ENTRY + measure_bytes((key, made))
        with self._lock:
            if size > self.limit // 4:
                return  # one answer does not push out a quarter of the others
            before = self._kept.pop(key, None)
            self.held += size - (before[1] if before else 0)
            self._kept[key] = (made, size)
            while self.held > self.limit:
                self.held -= self._kept.popitem(last=False)[1][1]


PRESENT: Final = Pool(64_000_000)
ASKED: Final = Pool(32_000_000)
POOLS: Final[dict[str, Pool]] = {"present": PRESENT, "asked": ASKED}


def forget() -> None:
    """Empty every pool: for a measurement that begins with nothing."""
    for pool in POOLS.values():
        pool.clear()


def remember(make: Callable[P, T]) -> Callable[P, T]:
    """Keep a function's answers by its arguments, which must be hashable."""
    return _keep_answers(make, None)


def remember_asked(make: Callable[P, T]) -> Callable[P, T]:
    """The same for a function whose arguments a reader chooses freely."""
    return _keep_answers(make, ASKED)


def _keep_answers(make: Callable[P, T], pool: Pool | None) -> Callable[P, T]:
    @wraps(make)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        key = _make_key(make, *args, **kwargs)
        chosen = pool or (ASKED if any(map(_is_asked, (*args, *kwargs.values()))) else PRESENT)
        return chosen.get_or_make(key, lambda: make(*args, **kwargs))

    return ask


def find_kept(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a function that remembers its answers keeps for these arguments; None where it would be made."""
    key = _make_key(getattr(ask, "__wrapped__"), *args, **kwargs)  # noqa: B009
    found: T | None = PRESENT.find(key)
    return ASKED.find(key) if found is None else found


def _make_key(make: Callable[..., Any], *args: Any, **kwargs: Any) -> Hashable:
    return make, args, tuple(sorted(kwargs.items()))


def _is_asked(argument: object) -> bool:
    """A day, or a view that goes back to one."""
    return isinstance(argument, date) or getattr(argument, "known_on", None) is not None


def measure_bytes(value: Any) -> int:
    """About how much memory a value takes, with all that it holds; what is there anyway counts nothing."""
    total, seen, waiting = 0, set[int](), [value]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen or isinstance(each, _SHARED):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, (str, bytes, int, float, date)):
            continue
        if isinstance(each, (pl.DataFrame, pl.Series)):
            total += int(each.estimated_size())
        elif isinstance(each, Mapping):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, (list, tuple, set, frozenset)):
            waiting += each
        elif hasattr(each, "to_plotly_json"):  # a figure holds what it draws twice
            total += 2 * measure_bytes(each.to_plotly_json())
        else:
            names: Any = getattr(each, "__struct_fields__", None) or getattr(each, "__slots__", ())
            waiting += [getattr(each, name, None) for name in ([names] if isinstance(names, str) else names)]
            waiting += vars(each).values() if hasattr(each, "__dict__") else []
    return total
