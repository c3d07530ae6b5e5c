"""What adds up: statements of people as rows of a linear program.

Counts of one day are variables; counts over a window are differences of two days of a running count that
never falls. Between them stand the identities that anyone would presume: parts and their whole, the status
ladder, a stock and the flows between two days. docs/disclosure.md lists them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any, Final, NamedTuple

from pipelines.warehouse.disclosure.linear_program import Row, Sum

APART: Final = 3  # days within which a count that is not told again is presumed to be the same
ALWAYS: Final = -1_000_000  # the day from which a running count without a start counts
HALVES: Final = {
    "age=adult": "age=minor", "age=minor": "age=adult", "sex=female": "sex=male", "sex=male": "sex=female",
    "service=civilian": "service=military", "service=military": "service=civilian",
    "sentenced=no": "sentenced=yes", "sentenced=yes": "sentenced=no", "age=child": "age=teen",
}  # fmt: skip
WITHIN: Final = {
    "age=child": "age=minor",
    "age=teen": "age=minor",
}  # parts of a part; so are all `age=over_…`
OVERLAPPING: Final = frozenset(
    {"group", "health", "status", "occupation", "affiliation", "basis", "cohort", "case"}
)
TOLD, IDENTITY, PRESUMED, CARRIED, SILENT = 1000.0, 100.0, 1.0, 0.5, 0.05  # what gives way last, and first
EVENTS: Final = {
    "detained": "detained", "detained_to_date": "detained",
    "released": "released", "released_to_date": "released",
    "deaths_in_custody_to_date": "died", "full_freedom_to_date": "freed",
    "amnesty_applications_to_date": "applied", "amnesty_granted_to_date": "granted",
}  # fmt: skip
Window = tuple[int, int]
Sensitive = Callable[
    [str], bool
]  # whether a breakdown has a part that concerns children, health or a facility


class Cell(NamedTuple):
    """What a number is of; `start` is None for a stock. Statements equal in this are of one cell."""

    situation: str
    organisation: str
    population: str
    measure: str
    breakdown: str
    start: int | None
    day: int


@dataclass
class Told:
    """What is known of one cell: an interval for each statement of it that is published, and its claims.

    `label`: a withheld cell of which it is said that it is below that.
    """

    cell: Cell
    guarded: bool
    small_cell: int
    statements: list[tuple[int, float, float, float]] = field(
        default_factory=list
    )  # published, low, high, value
    claims: set[str] = field(default_factory=set)
    label: int | None = None


class Target(NamedTuple):
    """A sensitive count that must not be known: what it is of, and its sum of variables."""

    cell: Cell
    terms: Sum
    small_cell: int


class Presumptions(NamedTuple):
    """How far an attacker goes.

    `bold`: hedges are taken at their word, what is not told again has not changed, and what nobody tells did
    not happen. `first`: of two speakers the one that is believed; `later`: whether a later statement is
    believed before an earlier one.
    """

    bold: bool
    later: bool = True
    first: str | None = None


class Identities:
    """The rows and the targets of what one speaker, or two that are taken for one, say of one situation."""

    def __init__(self, told: Sequence[tuple[int, Told]], sensitive: Sensitive, how: Presumptions) -> None:
        self.rows: list[Row] = []
        self.targets: list[Target] = []
        self._how, self._is_sensitive = how, sensitive
        self._names: dict[tuple[Any, ...], int] = {}
        self._stocks: dict[tuple[str, str], set[int]] = defaultdict(set)  # (measure, breakdown) → days
        self._lines: dict[tuple[str, str], set[int]] = defaultdict(set)  # (event, breakdown) → days
        self._windows: dict[tuple[str, str], set[Window]] = defaultdict(set)
        self._to_date: dict[str, set[Window]] = defaultdict(set)  # event → windows of counts to date
        self._some = told[0][1]
        self._small_cell = max(each.small_cell for _, each in told)
        self._tell(told)
        self._add_parts_of_stocks()
        self._add_parts_of_windows()
        self._add_ladder()
        self._add_balance()
        self._add_order()
        self._list_targets()

    def _variable(self, *name: Any) -> int:
        return self._names.setdefault(name, len(self._names))

    def _stock(self, measure: str, breakdown: str, day: int) -> int:
        self._stocks[measure, breakdown].add(day)
        return self._variable(measure, breakdown, day)

    def _between(self, event: str, breakdown: str, window: Window) -> dict[int, float]:
        self._lines[event, breakdown].update(window)
        start, end = window
        return {
            self._variable(event, breakdown, end): 1.0,
            self._variable(event, breakdown, start): -1.0,
        }

    def _equal(self, left: Sum, *right: Sum, weight: float, low: float = 0.0, high: float = 0.0) -> None:
        """low <= left - right <= high."""
        terms = defaultdict(float, left)
        for each in right:
            for name, by in each.items():
                terms[name] -= by
        self.rows.append(Row({k: v for k, v in terms.items() if v}, low, high, weight))

    def _tell(self, told: Sequence[tuple[int, Told]]) -> None:
        for number, each in told:
            cell = each.cell
            if cell.start is None:
                terms: Sum = {self._stock(cell.measure, cell.breakdown, cell.day): 1.0}
            else:
                window, event = (cell.start, cell.day), EVENTS[cell.measure]
                self._windows[event, cell.breakdown].add(window)
                if cell.measure.endswith("_to_date"):
                    self._to_date[event].add(window)
                terms = self._between(event, cell.breakdown, window)
            believed = self._how.first is None or _name_speaker(cell) == self._how.first
            last = max((s[0] for s in each.statements), default=0)
            for published, low, high, value in each.statements:
                if self._how.bold:
                    low, high = _take_at_word(low, high, value)
                newest = (published == last) == self._how.later
                weight = TOLD * (1.0 if believed else 0.3) * (1.0 if newest else 0.5)
                self.rows.append(Row(terms, low, high, weight, number))
            if each.label is not None:
                self.rows.append(Row(terms, 0.0, each.label - 1.0, TOLD, number))

    def _near(self, days: Collection[int], day: int) -> int | None:
        """The day itself, or the nearest within APART where an attacker carries a count over."""
        if day in days or not self._how.bold:
            return day if day in days else None
        return next((at for n in range(1, APART + 1) for at in (day - n, day + n) if at in days), None)

    def _add_parts_of_stocks(self) -> None:
        for measure in sorted({m for m, _ in self._stocks}):
            groups = self._group_parts({b for m, b in self._stocks if m == measure})
            for whole, _, parts in reversed(groups):
                for day in set().union(*(self._stocks[measure, b] for b in parts)):
                    if self._make_up([b for b in parts if day in self._stocks[measure, b]]):
                        self._stock(measure, whole, day)
            for whole, key, parts in groups:
                days = set().union(*(self._stocks[measure, b] for b in (whole, *parts)))
                for day in sorted(days):
                    found = {b: self._near(self._stocks[measure, b], day) for b in (whole, *parts)}
                    if found[whole] is not None and any(found[b] is not None for b in parts):
                        carried = any(at not in (None, day) for at in found.values())
                        terms: dict[str, Sum] = {
                            b: {self._stock(measure, b, at): 1.0} for b, at in found.items() if at is not None
                        }
                        total = terms.pop(whole)
                        self._add_sum(key, whole, total, terms, carried, (measure, day))

    def _add_parts_of_windows(self) -> None:
        for event in sorted({e for e, _ in self._lines}):
            groups = self._group_parts({b for e, b in self._lines if e == event})
            for whole, _, parts in reversed(groups):
                for window in set().union(*(self._windows[event, b] for b in parts)):
                    if self._make_up([b for b in parts if window in self._windows[event, b]]):
                        self._between(event, whole, window)
            for whole, key, parts in groups:
                for window in sorted(self._list_shared_windows(event, whole, parts)):
                    found = {
                        b: tuple(self._near(self._lines[event, b], day) for day in window)
                        for b in (whole, *parts)
                    }
                    terms: dict[str, Sum] = {
                        b: self._between(event, b, (at[0], at[1]))
                        for b, at in found.items()
                        if at[0] is not None and at[1] is not None and at[0] < at[1]
                    }
                    if whole in terms and len(terms) > 1:
                        carried = any(found[b] != window for b in terms)
                        total = terms.pop(whole)
                        self._add_sum(key, whole, total, terms, carried, (event, window))

    def _list_shared_windows(self, event: str, whole: str, parts: Sequence[str]) -> set[Window]:
        found = set().union(*(self._windows[event, b] for b in (whole, *parts)))
        for part in parts:
            near = [
                day
                for day in self._lines[event, whole]
                if self._near(self._lines[event, part], day) is not None
            ]
            found |= set(pairwise(sorted(near)))
        return found

    def _add_sum(
        self, key: str, whole: str, total: Sum, parts: dict[str, Sum], carried: bool, at: tuple[Any, ...]
    ) -> None:
        """A whole and those of its parts that are counted at one moment."""
        weight = CARRIED if carried else IDENTITY
        named = {_last_part(whole, b): b for b in parts}
        for part in list(named):
            inner = WITHIN.get(part, "age=adult" if part.startswith("age=over_") else None)
            if inner is not None:  # a part of another part: no more than that
                nested = parts.pop(named.pop(part))
                outer = parts.get(named.get(inner, ""), total)
                self._equal(outer, nested, weight=weight, high=inf)
                if part == "age=child" and inner in named:
                    teens = self._imply(at, _join(whole, "age=teen"))
                    self._equal(outer, nested, teens, weight=weight)
        if not parts:
            return
        others = [HALVES[part] for part in named if part in HALVES and HALVES[part] not in named]
        if len(named) == 1 and others:
            self._equal(total, *parts.values(), self._imply(at, _join(whole, others[0])), weight=weight)
            return
        if key in OVERLAPPING:
            for each in parts.values():
                self._equal(total, each, weight=weight, high=inf)
        else:
            self._equal(total, *parts.values(), weight=weight, high=inf)
        if len(parts) > 1:
            halves = all(HALVES.get(part) in named for part in named)
            self._equal(total, *parts.values(), weight=weight if halves else min(weight, PRESUMED))

    def _imply(self, at: tuple[Any, ...], breakdown: str) -> Sum:
        """The count of a part that nobody stated, at a moment or in a window."""
        name, when = at
        if isinstance(when, tuple):
            self._windows[name, breakdown].add(when)
            return self._between(name, breakdown, when)
        return {self._stock(name, breakdown, when): 1.0}

    def _make_up(self, parts: Sequence[str]) -> bool:
        """Whether these parts of one key are all of their whole, so that it need not be stated."""
        named = {part for b in parts for part in b.split(";")}
        halves = any(HALVES.get(part) in named for part in named - {"age=child", "age=teen"})
        key = {part.split("=")[0] for part in named}
        return len(parts) > 1 and (halves or (self._how.bold and not key & OVERLAPPING))

    def _group_parts(self, stated: set[str]) -> list[tuple[str, str, list[str]]]:
        """whole, key, and the breakdowns that have one part more under the key; large wholes first.

        What is stated implies more: the other half of each part, and what a breakdown is a part of.
        """
        breakdowns = {"total", *stated}
        for breakdown in stated - {"total"}:
            parts = set(breakdown.split(";"))
            breakdowns |= {_join("total", *(parts - {part})) for part in parts}
            breakdowns |= {_join("total", *(parts - {part}), HALVES[part]) for part in parts & HALVES.keys()}
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for breakdown in sorted(breakdowns - {"total"}):
            parts = set(breakdown.split(";"))
            for part in sorted(parts):
                whole = _join("total", *(parts - {part}))
                if whole in breakdowns:
                    groups[whole, part.split("=")[0]].append(breakdown)
        found = [(whole, key, parts) for (whole, key), parts in groups.items()]
        return sorted(found, key=lambda group: (group[0].count("="), group))

    def _silence(self, event: str, breakdown: str, window: Window, known: bool) -> Sum:
        """People in a window; where nobody ever counts them, a bold attacker presumes none."""
        terms = self._between(event, breakdown, window)
        if self._how.bold and not known:
            self._equal(terms, weight=SILENT)
        return terms

    def _add_ladder(self) -> None:
        """Detained = held + released + died, released = under measures + free, from one day on."""
        for breakdown in sorted({b for _, b in (*self._stocks, *self._lines)}):
            ever = {
                e: bool(self._windows.get((e, breakdown))) for e in ("detained", "released", "died", "freed")
            }
            for window in sorted(self._windows.get(("detained", breakdown), ())):
                held = self._near(self._stocks.get(("in_custody", breakdown), ()), window[1])
                if window not in self._to_date["detained"] or not (held is not None or ever["released"]):
                    continue
                left = {self._stock("in_custody", breakdown, window[1] if held is None else held): 1.0}
                out = self._silence(
                    "released", breakdown, self._snap("released", breakdown, window), ever["released"]
                )
                died = self._silence("died", breakdown, self._snap("died", breakdown, window), ever["died"])
                came = self._between("detained", breakdown, window)
                self._equal(came, left, out, died, weight=PRESUMED)
            for window in sorted(self._windows.get(("released", breakdown), ())):
                under = self._near(self._stocks.get(("under_measures", breakdown), ()), window[1])
                if window not in self._to_date["released"] or (under is None and not ever["freed"]):
                    continue
                left = {self._stock("under_measures", breakdown, window[1] if under is None else under): 1.0}
                free = self._between("freed", breakdown, self._snap("freed", breakdown, window))
                self._equal(self._between("released", breakdown, window), left, free, weight=PRESUMED)

    def _snap(self, event: str, breakdown: str, window: Window) -> Window:
        """The window of the same length that the event is told of, where one lies near."""
        days = self._lines.get((event, breakdown), set())
        start, end = (self._near(days, day) for day in window)
        snapped = (window[0] if start is None else start, window[1] if end is None else end)
        return snapped if snapped[0] < snapped[1] else window

    def _add_balance(self) -> None:
        """Held now = held then + detained - released - died in between."""
        for (measure, breakdown), days in sorted(self._stocks.items()):
            if measure != "in_custody":
                continue
            known = {e: bool(self._windows.get((e, breakdown))) for e in ("detained", "released", "died")}
            if not (known["detained"] or known["released"]):
                continue
            for then, now in pairwise(sorted(days)):
                moved = {
                    e: self._silence(e, breakdown, self._snap(e, breakdown, (then, now)), known[e])
                    for e in known
                }
                change = {
                    self._stock(measure, breakdown, now): 1.0,
                    self._stock(measure, breakdown, then): -1.0,
                }
                less = {name: -by for name, by in moved["detained"].items()}
                gone = ({n: -b for n, b in moved[e].items()} for e in ("released", "died"))
                self._equal(change, {n: -b for n, b in less.items()}, *gone, weight=PRESUMED)

    def _add_order(self) -> None:
        """Running counts never fall; in a bold attacker's eyes they stand still over few days."""
        for (event, breakdown), days in self._lines.items():
            for window in pairwise(sorted(days)):
                self._equal(self._between(event, breakdown, window), weight=IDENTITY, high=inf)

    def _list_targets(self) -> None:
        of = self._some.cell
        for (measure, breakdown), days in sorted(self._stocks.items()):
            if self._is_sensitive(breakdown):
                for day in sorted(days):
                    cell = of._replace(measure=measure, breakdown=breakdown, start=None, day=day)
                    self.targets.append(
                        Target(cell, {self._variable(measure, breakdown, day): 1.0}, self._small_cell)
                    )
        for (event, breakdown), told in sorted(self._windows.items()):
            if self._is_sensitive(breakdown):
                days = {day for window in told for day in window}
                for window in sorted(told | set(pairwise(sorted(days)))):
                    cell = of._replace(measure=event, breakdown=breakdown, start=window[0], day=window[1])
                    self.targets.append(
                        Target(cell, self._between(event, breakdown, window), self._small_cell)
                    )


def _take_at_word(low: float, high: float, value: float) -> tuple[float, float]:
    """A hedged number as the number that it names; a range stays one."""
    return (low, high) if low < high < inf and low <= value < high and value == low else (value, value)


def _last_part(whole: str, breakdown: str) -> str:
    """The part by which a breakdown differs from its whole."""
    inside = set(whole.split(";"))
    return next(part for part in breakdown.split(";") if part not in inside)


def _join(whole: str, *parts: str) -> str:
    return ";".join(sorted({*whole.split(";"), *parts} - {"total"})) or "total"


def _name_speaker(cell: Cell) -> str:
    return f"{cell.organisation}/{cell.population}"
