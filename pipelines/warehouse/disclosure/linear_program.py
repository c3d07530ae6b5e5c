"""Bounds of sums of people that constraints leave, by HiGHS: what an attacker with a solver would find.

Constraints are rows over counts that are not negative. Where rows contradict each other, the lightest that
keep the others from holding are dropped: what contradicts itself never makes anything safe.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Final

import highspy
import numpy as np

CLOSE: Final = 1e-6
Sum = Mapping[int, float]  # variable → how often it counts


@dataclass(frozen=True)
class Row:
    """`low` <= the sum <= `high`. Of rows that contradict each other the lighter gives way.

    `cell` is the stated cell that the row comes from, None where it is an identity.
    """

    terms: Sum
    low: float
    high: float
    weight: float
    cell: int | None = None


@dataclass(frozen=True)
class Bounds:
    """What is left of a sum, and the rows that hold it there."""

    low: int
    high: float
    held_by: tuple[int, ...]


class _Solver(highspy.Highs):
    """HiGHS without its word of greeting on every standard output."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        self.setOptionValue("threads", 1)


class Program:
    """One connected set of rows. Raises nothing: what cannot be solved is told as known exactly."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.columns = {name: at for at, name in enumerate(sorted({v for row in rows for v in row.terms}))}
        self.active = [True] * len(rows)
        self.conflict = False
        self.cut_short = False  # whether a bound is wider than it need be, since time ran out
        self._solver = self._load()
        if not self._is_feasible():
            self.conflict = True
            self._drop_lightest()

    def _load(self, *, elastic: bool = False, sums: Sequence[Sum] = ()) -> "_Solver":
        """The rows in a solver; each of `sums` as one more variable, after those of the rows."""
        count, slack = len(self.columns), 2 * len(self.rows) if elastic else 0
        costs = np.zeros(count + slack + len(sums))
        at: list[int] = []
        by: list[float] = []
        starts: list[int] = []
        for number, row in enumerate(self.rows):
            starts.append(len(at))
            at += [self.columns[name] for name in row.terms]
            by += row.terms.values()
            if elastic:
                at += [count + 2 * number, count + 2 * number + 1]
                by += [1.0, -1.0]
                costs[at[-2:]] = row.weight
        for number, terms in enumerate(sums):
            starts.append(len(at))
            at += [*(self.columns[name] for name in terms), count + number]
            by += [*terms.values(), -1.0]
        low = [row.low if active else -inf for row, active in zip(self.rows, self.active, strict=True)]
        high = [row.high if active else inf for row, active in zip(self.rows, self.active, strict=True)]
        solver = _Solver()
        solver.addVars(len(costs), np.zeros(len(costs)), np.full(len(costs), inf))
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        none = [0.0] * len(sums)
        solver.addRows(
            len(starts), np.array(low + none), np.array(high + none),
            len(at), np.array(starts, dtype=np.int32), np.array(at, dtype=np.int32), np.array(by),
        )  # fmt: skip
        return solver

    def _is_feasible(self) -> bool:
        self._solver.run()
        return bool(self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _drop_lightest(self) -> None:
        """Drop what an attacker would: the rows that have to be broken for the heavier ones to hold."""
        solver = self._load(elastic=True)
        solver.run()
        values = np.array(solver.getSolution().col_value)[len(self.columns) :]
        for number in range(len(self.rows)):
            if values[2 * number : 2 * number + 2].sum() > CLOSE:
                self._relax(number)

    def _relax(self, number: int) -> None:
        self.active[number] = False
        self._solver.changeRowBounds(number, -inf, inf)

    def _restore(self, number: int) -> None:
        self.active[number] = True
        self._solver.changeRowBounds(number, self.rows[number].low, self.rows[number].high)

    def find_narrow(self, sums: Sequence[Sum], cap: float, width: float) -> list[bool]:
        """Whether each sum may be known to less than `width`; of most, two solutions show that not.

        One lifts as many as it can up to `cap`, the other lowers all.
        """
        if not sums:
            return []
        high, low = self._reach(sums, cap, -1.0), self._reach(sums, cap, 1.0)
        return [
            bool(below < cap - CLOSE and below - above < width - CLOSE)
            for below, above in zip(high, low, strict=True)
        ]

    def _reach(self, sums: Sequence[Sum], cap: float, sign: float) -> list[float]:
        """A solution's sums, each cut at `cap`; all of them count towards what is sought."""
        solver, count = self._load(sums=sums), len(self.columns)
        for number in range(len(sums)):
            solver.changeColCost(count + number, sign)
            if sign < 0:  # at most the cap, and at most the sum itself
                solver.changeColBounds(count + number, 0.0, cap)
                solver.changeRowBounds(len(self.rows) + number, 0.0, inf)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return [0.0] * len(sums)
        return [min(float(value), cap) for value in solver.getSolution().col_value[count:]]

    def find_bounds(self, terms: Sum) -> Bounds:
        """The fewest and the most that the sum can be, as whole people."""
        low, below = self._optimise(terms, 1.0)
        high, above = self._optimise(terms, -1.0)
        return Bounds(
            ceil(max(low, 0.0) - CLOSE), high if high == inf else floor(high + CLOSE), (*above, *below)
        )

    def find_bounds_without(self, terms: Sum, left_out: Iterable[int]) -> Bounds:
        """The same, had these rows never been told."""
        dropped = [number for number in left_out if self.active[number]]
        for number in dropped:
            self._relax(number)
        found = self.find_bounds(terms)
        for number in dropped:
            self._restore(number)
        return found

    def _optimise(self, terms: Sum, sign: float) -> tuple[float, list[int]]:
        solver = self._solver
        for name, by in terms.items():
            solver.changeColCost(self.columns[name], sign * by)
        solver.run()
        status = solver.getModelStatus()
        solution = solver.getSolution()
        value, duals = sign * solver.getInfo().objective_function_value, solution.row_dual
        if status == highspy.HighsModelStatus.kOptimal and self._is_fractional(solution.col_value):
            value = self._optimise_whole(sign, value)
        for name in terms:
            solver.changeColCost(self.columns[name], 0.0)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return -sign * inf, []
        if status != highspy.HighsModelStatus.kOptimal:  # as if it were known: the caller withholds more
            return 0.0, list(range(len(self.rows)))
        return value, [int(number) for number in np.flatnonzero(np.abs(np.array(duals)) > CLOSE)]

    @staticmethod
    def _is_fractional(values: Sequence[float]) -> bool:
        found = np.array(values)
        return bool((np.abs(found - np.round(found)) > 1e-4).any())

    def _optimise_whole(self, sign: float, relaxed: float) -> float:
        """People are whole: once more as an integer program; the relaxed bound where that takes long."""
        solver, count = self._solver, len(self.columns)
        columns = np.arange(count, dtype=np.int32)
        whole = np.full(count, highspy.HighsVarType.kInteger)
        solver.setOptionValue("time_limit", solver.getRunTime() + 1.0)
        solver.changeColsIntegrality(count, columns, whole)
        solver.run()
        found = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        self.cut_short |= not found
        value = sign * solver.getInfo().objective_function_value if found else relaxed
        solver.changeColsIntegrality(count, columns, np.full(count, highspy.HighsVarType.kContinuous))
        solver.setOptionValue("time_limit", inf)
        return float(value)


def split_rows(rows: Sequence[Row]) -> list[list[int]]:
    """The numbers of the rows of each connected set: sets tell nothing of each other."""
    parent: dict[int, int] = {}

    def find(name: int) -> int:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for row in rows:
        first, *others = row.terms
        for other in others:
            parent[find(other)] = find(first)
    sets: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        sets.setdefault(find(next(iter(row.terms))), []).append(number)
    return list(sets.values())
