"""Which marks of a series were the nearest ones known, for each statement through each span of days.

A mark is what counts for one moment of one series through a span of days. A statement is judged by the
marks before and after its own moment, and which of them were known changes with every report. So each
question ("the nearest one before it") has several answers, each for a span of days (a *piece*); the pieces of
one question never overlap. Many series are answered at once: rounds of whole arrays, one step along the
series a round.
"""

from typing import Final, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.core.frames import lend_frame, read_frame
from pipelines.warehouse.published_build import read_query

Whole = npt.NDArray[np.int64]
NEVER: Final = 1 << 22  # a day after every other, as a number of days since 1970
_FIRST: Final = 1 << 20  # the earliest day that is told apart lies so many days before 1970


class Marks(NamedTuple):
    """Marks by series and moment: `line` numbers the series, days are numbers of days since 1970.

    Each counts from `start` to the day before `stop` (NEVER where it still does).
    """

    line: Whole
    moment: Whole
    start: Whole
    stop: Whole


class Asked(NamedTuple):
    """What is asked of marks: the nearest one from position `first` on in the series `line`.

    `who` says for whom; asked is for the days from `start` to the one before `stop`.
    """

    who: Whole
    line: Whole
    first: Whole
    start: Whole
    stop: Whole


class Pieces(NamedTuple):
    """Answers: for `who` the mark at position `mark`, from the day `start` to the one before `stop`."""

    who: Whole
    mark: Whole
    start: Whole
    stop: Whole


def find_nearest(marks: Marks, asked: Asked) -> Pieces:
    """For each asked the nearest mark at or after `first` in its series that was known, day by day."""
    skip = _Skipping(marks)
    found: list[Pieces] = []
    left = asked
    while left.who.size:
        at = skip.to_one_known_before(left.first, left.line, left.stop)
        inside = at >= 0
        left, at = Asked(*(each[inside] for each in left)), at[inside]
        start, stop = np.maximum(left.start, marks.start[at]), np.minimum(left.stop, marks.stop[at])
        met = start < stop
        found.append(Pieces(left.who[met], at[met], start[met], stop[met]))
        earlier = left.start < marks.start[at]  # the days before this one was known
        later = marks.stop[at] < left.stop  # and those after it had become another
        left = Asked(
            np.concatenate([left.who[earlier], left.who[later]]),
            np.concatenate([left.line[earlier], left.line[later]]),
            np.concatenate([at[earlier], at[later]]) + 1,
            np.concatenate([left.start[earlier], np.maximum(left.start, marks.stop[at])[later]]),
            np.concatenate([np.minimum(left.stop, marks.start[at])[earlier], left.stop[later]]),
        )
    return Pieces(*(np.concatenate(column) for column in zip(*found, strict=True))) if found else _NONE


_EMPTY: Final[Whole] = np.empty(0, np.int64)
_NONE: Final = Pieces(_EMPTY, _EMPTY, _EMPTY, _EMPTY)


class _Skipping:
    """Finds the next mark of a series that was known before a day without a look at those between.

    `least[k][i]` is the first day on which any of the 2**k marks from position i on was known.
    """

    def __init__(self, marks: Marks) -> None:
        self.line = marks.line
        longest = int(np.bincount(marks.line).max()) if marks.line.size else 0
        self.least = [np.append(marks.start, -_FIRST)]  # past the end: a mark that stops every search
        while 1 << len(self.least) <= longest:
            last, half = self.least[-1], 1 << (len(self.least) - 1)
            beyond = np.full(min(half, last.size), -_FIRST)
            self.least.append(np.minimum(last, np.concatenate([last[half:], beyond])))

    def to_one_known_before(self, first: Whole, line: Whole, day: Whole) -> Whole:
        """The position of the first mark from `first` on that was known before `day`; -1 without one."""
        at, end = first.copy(), self.line.size
        waiting = np.flatnonzero(self.least[0][np.minimum(at, end)] >= day)
        for step in range(len(self.least) - 1, -1, -1):
            over = self.least[step][np.minimum(at[waiting], end)] >= day[waiting]
            at[waiting[over]] += 1 << step
        inside = at < end
        inside[inside] = self.line[at[inside]] == line[inside]
        return np.where(inside, at, -1)


def find_neighbours(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table `neighbours` from `lone_lives` and `marks`, portion by portion."""
    for (portion,) in con.execute("SELECT DISTINCT portion FROM mark_lines ORDER BY portion").fetchall():
        con.execute("SET VARIABLE portion = $portion", {"portion": portion})
        marks, asked = (read_frame(con.sql(read_query(name))) for name in ("marks_in_order", "marks_asked"))
        lend_frame(con, "found", _look_around(marks, asked))
        con.execute(read_query("neighbours_found"))
        con.unregister("found")


def _whole(frame: pl.DataFrame, name: str) -> Whole:
    return frame[name].cast(pl.Int64).fill_null(NEVER).to_numpy()


def _take(frame: pl.DataFrame) -> Marks:
    return Marks(*(_whole(frame, name) for name in ("line", "moment", "known_from", "known_until")))


def _look_around(frame: pl.DataFrame, lone: pl.DataFrame) -> pl.DataFrame:
    """One row a statement and span of days: told, known_from, known_until, and its neighbours' columns."""
    marks, firm = _take(frame), np.flatnonzero(frame["supported"].to_numpy())
    who = np.arange(lone.height)
    line, moment = _whole(lone, "line"), _whole(lone, "moment")
    start, stop = _whole(lone, "known_from"), _whole(lone, "known_until")
    mine = Asked(who, line, moment, start, stop)  # `first` is a moment until a direction is known
    supported = Marks(*(each[firm] for each in marks))
    told = _same_value(frame, supported, firm, line, _whole(lone, "own"))
    pieces: dict[str, Pieces] = {}
    for name, that, forward in (("before", "before_that", False), ("after", "after_that", True)):
        near = pieces[name] = _find(marks, mine, forward)
        beyond = Asked(near.who, line[near.who], marks.moment[near.mark], near.start, near.stop)
        pieces[that] = _find(marks, beyond, forward)
        found = _find(supported, mine, forward)
        pieces[f"firm_{name}"] = found._replace(mark=firm[found.mark])
    found = _find(told.marks, Asked(who, told.line, moment, start, stop), forward=False)
    pieces["told_before"] = found._replace(mark=told.at[found.mark])
    days = _cut(mine, pieces)
    return pl.DataFrame(
        {"told": lone["told"].gather(days.who), "known_from": days.start, "known_until": days.stop}
    ).with_columns(
        pl.col("known_until").replace(NEVER, None),
        *(
            frame[column].gather(_at(each, days)).alias(f"{name}_{column}")
            for name, each in pieces.items()
            for column in ("moment", "value", "published")
        ),
    )


class _SameValue(NamedTuple):
    """Supported marks parted by series and value as well, and of each asked the number of its own."""

    marks: Marks
    at: Whole  # where each stands among all marks
    line: Whole


def _same_value(frame: pl.DataFrame, supported: Marks, firm: Whole, line: Whole, own: Whole) -> _SameValue:
    value = frame["value"].cast(pl.Int64).to_numpy()[firm]
    values, code = np.unique(np.concatenate([value, own]), return_inverse=True)
    number = np.concatenate([supported.line, line]) * values.size + code
    order = np.lexsort((supported.start, supported.moment, number[: firm.size]))
    parted = Marks(number[: firm.size][order], *(each[order] for each in supported[1:]))
    return _SameValue(parted, firm[order], number[firm.size :])


def _find(marks: Marks, asked: Asked, forward: bool) -> Pieces:
    """The nearest marks after the moments asked (`first`), or before them: the same from the other end."""
    last = marks.line.size - 1
    place, moment = marks.line * (4 * NEVER) + marks.moment, asked.line * (4 * NEVER) + asked.first
    if forward:
        return find_nearest(marks, asked._replace(first=np.searchsorted(place, moment, "right")))
    turned = Marks(*(each[::-1] for each in marks))
    first = last + 1 - np.searchsorted(place, moment, "left")
    found = find_nearest(turned, asked._replace(first=first))
    return found._replace(mark=last - found.mark)


def _key(who: Whole, day: Whole) -> Whole:
    return who * (4 * NEVER) + day + _FIRST


def _cut(asked: Asked, pieces: dict[str, Pieces]) -> Pieces:
    """Spans of days through which no piece of anybody begins or ends; `mark` is empty."""
    keys = [_key(asked.who, asked.start)]
    for each in pieces.values():
        ends = each.stop < asked.stop[each.who]
        begins = each.start > asked.start[each.who]
        keys += [_key(each.who[begins], each.start[begins]), _key(each.who[ends], each.stop[ends])]
    cut = np.unique(np.concatenate(keys))
    who, start = cut // (4 * NEVER), cut % (4 * NEVER) - _FIRST
    is_last = np.append(who[1:] != who[:-1], True)
    stop = np.where(is_last, asked.stop[who], np.append(start[1:], 0))
    return Pieces(who, _EMPTY, start, stop)


def _at(pieces: Pieces, days: Pieces) -> pl.Series:
    """The position of the mark of each span of days, null where no piece covers it."""
    key = _key(pieces.who, pieces.start)
    order = np.argsort(key)
    at = np.searchsorted(key[order], _key(days.who, days.start), "right") - 1
    piece = order[np.maximum(at, 0)] if order.size else np.zeros_like(at)
    if not order.size:
        return pl.repeat(None, days.who.size, dtype=pl.Int64, eager=True)
    covers = (at >= 0) & (pieces.who[piece] == days.who) & (days.start < pieces.stop[piece])
    return pl.select(pl.when(pl.Series(covers)).then(pl.Series(pieces.mark[piece]))).to_series()
