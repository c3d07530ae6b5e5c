"""The audit: which sensitive counts can be reckoned from all that is published, solved as linear programs.

Attackers of several kinds are tried, since each presumes something else; a count is safe only where none of
them narrows it to fewer values than the threshold. docs/disclosure.md tells the rule.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any, Final

import duckdb

from pipelines.core.frames import read_rows
from pipelines.warehouse.disclosure.identities import (
    ALWAYS,
    APART,
    EVENTS,
    HALVES,
    Cell,
    Identities,
    Presumptions,
    Told,
)
from pipelines.warehouse.disclosure.linear_program import Bounds, Program, Row, split_rows
from pipelines.warehouse.published_build import read_query

MOST_ROWS: Final = 8_000  # of one program; what is larger is not solved but withheld
MOST_PAIRS: Final = (
    400  # of two speakers of a situation; where there are more, only those whose numbers come close
)
MOST_TOLD: Final = 3_000  # cells of one attacker; what is larger is not solved but withheld
USUAL_WINDOW: Final = 15  # days: the longest that a flow without a start reaches back to the bulletin before
_EPOCH: Final = date(1970, 1, 1)
Speaker = tuple[str, str, str]  # situation, organisation, population


@dataclass(frozen=True)
class Finding:
    """A sensitive count that somebody can reckon, what is left of it, and what tells it.

    `numbers` are the places of published guarded cells among all that is told, `labels` those of withheld
    ones that are said to be small.
    """

    target: Cell
    low: float
    high: float
    numbers: tuple[int, ...]
    labels: tuple[int, ...]

    def __str__(self) -> str:
        of = self.target
        since = "" if of.start is None or of.start == ALWAYS else f" since {_name_day(of.start)}"
        return f"{of.organisation} {of.measure} {of.breakdown}{since} on {_name_day(of.day)}"


Attacker = tuple[Speaker, ...]  # one speaker whose words are set against each other, or two taken for one


class Audit:
    """What a build tells of the cells that guarded ones add up with."""

    def __init__(self, con: duckdb.DuckDBPyConnection, withstood: Collection[bytes] = ()) -> None:
        """`con` has the views of `2_disclosure`, and `cells_withheld`.

        `withstood`: the digests of attacks that an earlier audit tried, and that found nothing.
        """
        self.withstood: set[bytes] = set()
        self._withstood_before = withstood
        self._cut_short = False
        self._said: dict[tuple[int, int | None, int], bytes] = {}
        self.told = read_told(con)
        self._by_speaker: dict[Speaker, list[int]] = defaultdict(list)
        for number, each in enumerate(self.told):
            self._by_speaker[each.cell[:3]].append(number)
        self._guarded_on: dict[tuple[str, int], list[Told]] = defaultdict(list)
        for each in self.told:
            if each.guarded:
                count = EVENTS.get(each.cell.measure, each.cell.measure)
                self._guarded_on[count, each.cell.day].append(each)
        self._near = {speaker: self._list_near(numbers) for speaker, numbers in self._by_speaker.items()}
        parts = {part for each in self.told for part in each.cell.breakdown.split(";")} | set(HALVES.values())
        rows = con.execute(read_query("disclosure_parts"), {"parts": sorted(parts)}).fetchall()
        self._sensitive = frozenset(part for (part,) in rows)
        self._what_is_sensitive = repr(sorted(self._sensitive)).encode()

    def has_just(self, told: Sequence[Told]) -> bool:
        """Whether the same is told of the same cells."""
        this, that = (
            {(each.cell, each.label, frozenset(each.statements)) for each in all_told}
            for all_told in (self.told, told)
        )
        return this == that

    def is_sensitive(self, breakdown: str) -> bool:
        """Whether a breakdown has a part that concerns children, health or a facility."""
        return not self._sensitive.isdisjoint(breakdown.split(";"))

    def list_attackers(self) -> list[Attacker]:
        """Each speaker of guarded cells; each two of whom one is such, where they count the same."""
        guarded = {
            speaker
            for speaker, numbers in self._by_speaker.items()
            if any(self.told[number].guarded for number in numbers)
        }
        attackers: list[Attacker] = [(speaker,) for speaker in sorted(guarded)]
        for _, speakers in groupby(sorted(self._by_speaker), key=itemgetter(0)):  # of one situation
            pairs = [
                pair
                for pair in combinations(speakers, 2)
                if not guarded.isdisjoint(pair) and not self._near[pair[0]].isdisjoint(self._near[pair[1]])
            ]
            if len(pairs) > MOST_PAIRS:
                close = self._find_close_pairs()
                pairs = [pair for pair in pairs if pair in close]
            attackers += pairs
        return attackers

    def _find_close_pairs(self) -> set[Attacker]:
        """Two speakers of whom one states nearly a guarded number of the other's, of the same days."""
        stated: dict[tuple[str, int], list[tuple[Speaker, float]]] = defaultdict(list)
        for each in self.told:
            place = EVENTS.get(each.cell.measure, each.cell.measure), each.cell.day
            stated[place] += [(each.cell[:3], value) for *_, value in each.statements]
        return {
            (min(one, two), max(one, two))
            for (count, day), said in list(stated.items())
            for each in self._guarded_on.get((count, day), ())
            for *_, value in each.statements
            for n in range(-APART, APART + 1)
            for two, other in stated.get((count, day + n), ())
            for one in (each.cell[:3],)
            if one != two and one[0] == two[0] and abs(other - value) < each.small_cell
        }

    def _list_near(self, numbers: Sequence[int]) -> set[int | str]:
        """The days on which cells are counted or begin, as coarse as an attacker carries them; the flows."""
        cells = [self.told[number].cell for number in numbers]
        days = {day + n for cell in cells for day in _list_days(cell) for n in range(-APART, APART + 1)}
        return days | {EVENTS[cell.measure] for cell in cells if cell.start is not None}

    def numbers_of(self, attacker: Attacker) -> list[int]:
        """The places of the cells that this attacker reckons with; of two, what meets the other's."""
        told = [self._by_speaker[speaker] for speaker in attacker]
        if len(told) == 1:
            return told[0]
        near = [self._near[speaker] for speaker in attacker]
        return [
            number
            for numbers, others in zip(told, reversed(near), strict=True)
            for number in numbers
            if not others.isdisjoint(_list_days(self.told[number].cell))
            or EVENTS.get(self.told[number].cell.measure) in others
        ]

    def attack(self, attacker: Attacker) -> list[Finding]:
        """The sensitive counts that this attacker narrows below the threshold by one presumption."""
        numbers = self.numbers_of(attacker)
        if not any(self.told[number].guarded for number in numbers):
            return []
        if len(numbers) > MOST_TOLD:
            return self._give_up(numbers)
        digest = self._digest(attacker, numbers)
        if digest in self._withstood_before:
            self.withstood.add(digest)
            return []
        self._cut_short = False
        found = self._try_presumptions(attacker, numbers)
        if not found and not self._cut_short:
            self.withstood.add(digest)
        return found

    def _digest(self, attacker: Attacker, numbers: Sequence[int]) -> bytes:
        """What stands for all that an attack hangs on: who is taken for one, and what is told."""
        digest = sha256(repr(attacker).encode() + self._what_is_sensitive)
        for number in numbers:
            each = self.told[number]
            state = number, each.label, len(each.statements)  # nothing else of it ever changes
            if state not in self._said:
                told = (*each.cell, each.guarded, each.small_cell, each.label, *each.statements)
                self._said[state] = repr(told).encode()
            digest.update(self._said[state])
        return digest.digest()

    def _try_presumptions(self, attacker: Attacker, numbers: list[int]) -> list[Finding]:
        for how in _list_presumptions(attacker):
            found, conflict = self._solve(numbers, how)
            if found or not conflict:  # without a conflict the bolder has found all that others could
                return found
        return []

    def _solve(self, numbers: list[int], how: Presumptions) -> tuple[list[Finding], bool]:
        model = Identities([(number, self.told[number]) for number in numbers], self.is_sensitive, how)
        found: list[Finding] = []
        conflict = False
        for members in split_rows(model.rows):
            rows = [model.rows[number] for number in members]
            told = [self.told[row.cell] for row in rows if row.cell is not None]
            if not any(each.guarded for each in told):
                continue
            if how.first is not None and len({each.cell[:3] for each in told}) < 2:
                continue  # of one speaker: has been solved as such
            names = {name for row in rows for name in row.terms}
            targets = [target for target in model.targets if not names.isdisjoint(target.terms)]
            if len(rows) > MOST_ROWS:
                found += self._give_up([row.cell for row in rows if row.cell is not None])
            elif targets:
                program = Program(rows)
                conflict |= program.conflict
                sums = [target.terms for target in targets]
                few = targets[0].small_cell
                narrow = program.find_narrow(sums, 2.0 * few, few - 1.0)
                for target, may_be in zip(targets, narrow, strict=True):
                    if may_be:
                        found += self._judge(program, target.cell, target.terms, target.small_cell)
                self._cut_short |= program.cut_short
        return found, conflict

    def _judge(self, program: Program, cell: Cell, terms: Any, small_cell: int) -> Iterator[Finding]:
        bounds = program.find_bounds(terms)
        if not is_giveaway(bounds, small_cell):
            return
        guarded = [
            number
            for number, row in enumerate(program.rows)
            if row.cell is not None and self.told[row.cell].guarded
        ]
        alone = program.find_bounds_without(terms, guarded)
        if alone.low >= bounds.low and alone.high <= bounds.high:  # the totals say as much by themselves
            return
        rows = [program.rows[number] for number in bounds.held_by]
        numbers, labels = self._pick(rows)
        if not numbers and not labels:
            numbers, labels = self._pick(program.rows)
        yield Finding(cell, bounds.low, bounds.high, numbers, labels)

    def _pick(self, rows: Sequence[Row]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        cells = sorted({row.cell for row in rows if row.cell is not None and self.told[row.cell].guarded})
        return (
            tuple(number for number in cells if self.told[number].statements),
            tuple(number for number in cells if self.told[number].label is not None),
        )

    def _give_up(self, numbers: Sequence[int]) -> list[Finding]:
        """Too much to solve: every guarded number of it tells too much."""
        guarded = [n for n in sorted(set(numbers)) if self.told[n].guarded and self.told[n].statements]
        return [Finding(self.told[n].cell, 0, 0, (n,), ()) for n in guarded]


def is_giveaway(bounds: Bounds, small_cell: int) -> bool:
    """Whether a count that may be below the threshold is known to fewer values than the threshold."""
    return bounds.low < small_cell and bounds.high - bounds.low < small_cell - 1


def _list_presumptions(attacker: Attacker) -> Iterator[Presumptions]:
    """From the boldest on: what follows is only asked where what is presumed contradicts itself."""
    if len(attacker) == 1:
        yield from (Presumptions(bold, later) for bold in (True, False) for later in (True, False))
    else:
        yield from (Presumptions(True, first="/".join(speaker[1:])) for speaker in attacker)


def _list_days(cell: Cell) -> list[int]:
    return [day for day in (cell.start, cell.day) if day is not None and day != ALWAYS]


def read_told(con: duckdb.DuckDBPyConnection) -> list[Told]:
    """What is told of each cell, with an interval for each distinct published statement of it. As `Audit`."""
    rows = read_rows(con, read_query("disclosure_cells"), {"apart": APART})
    bulletins: dict[Speaker, set[int]] = defaultdict(set)
    for row in rows:
        if row["measure"] == "in_custody" and row["breakdown"] == "total":
            bulletins[row["situation"], row["organisation"], row["population"]].add(_count_day(row["as_of"]))
    found: dict[Cell, Told] = {}
    for row in rows:
        if row["kind"] != "stock" and row["measure"] not in EVENTS:
            continue
        speaker = (row["situation"], row["organisation"], row["population"])
        start, day = _find_window(row, bulletins[speaker])
        cell = Cell(*speaker, row["measure"], row["breakdown"], start, day)
        told = found.setdefault(cell, Told(cell, row["guarded"], row["small_cell"]))
        if row["claim_id"] is not None:
            told.claims.add(row["claim_id"])
        if row["withheld"]:
            told.label = row["fewer_than"] if row["fewer_than"] is not None else told.label
        elif row["value"] is not None:
            high = float("inf") if row["high"] is None else float(row["high"])
            statement = (
                _count_day(row["published"] or row["as_of"]),
                float(row["low"] or 0),
                high,
                float(row["value"]),
            )
            if statement not in told.statements:
                told.statements.append(statement)
    return list(found.values())


def _find_window(row: dict[str, Any], bulletins: set[int]) -> tuple[int | None, int]:
    """Start and end as days; a flow without a start reaches back to the bulletin before it."""
    day = _count_day(row["as_of"])
    if row["kind"] == "stock":
        return None, day
    if row["period_start"] is not None:
        return min(_count_day(row["period_start"]), day - 1), day
    if row["kind"] == "cumulative":
        return ALWAYS, day
    reach = 2 * row["rhythm_days"] if row["rhythm_days"] else USUAL_WINDOW
    return max((other for other in bulletins if day - reach <= other < day), default=day - 1), day


def _count_day(day: date) -> int:
    return (day - _EPOCH).days


def _name_day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
