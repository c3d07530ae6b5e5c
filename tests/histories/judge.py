"""Holds what stands on the line against what the world knows.

- Of the points on the line, how many are the truth: the value is what the organisation's newest statement in
  the sheet says of that very moment. A reprint on the day of its own publication is no such point.
- Of the planted misprints, how many are off the line. One that by chance repeats what was said once is none.
- Of the true figures, how many are on the line; of the hedged, how many are not in doubt or contradicted.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build, table_registry
from tests.histories.mistakes import MISPRINTS
from tests.histories.world import FIRST_DAY, History, Told
from tests.pipelines.warehouse.marts.conftest import day as date_of
from tests.pipelines.warehouse.marts.conftest import write

TODAY: Final = date(2026, 12, 31)
NOT_OBSERVED: Final = ("publication_date", "inferred")
VALUE_MISTAKES: Final = (*MISPRINTS, "other_count", "stale")  # a right value on a wrong day is counted apart


class Line(NamedTuple):
    """What one line is of: a moment of another line is another moment."""

    organisation: str
    measure: str
    since: date | None


@dataclass(frozen=True)
class Verdict:
    """One thing judged. `question` is line, misprint, other_day, figure or bound; `good` what should be."""

    seed: int
    flavour: str
    question: str
    kind: str  # of the mistake, or the role of the row; of a point, what it is instead of the truth
    good: bool
    line: Line
    as_of: date
    value: int


def build(root: Path, histories: Iterable[History]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The series and the statements of all histories, each a situation of one build. Raises BuildError."""
    data = None
    for history in histories:
        data = write(root, [told.row for told in history.told], situation=f"h{history.seed}")
    assert data is not None, "no history to build"
    warehouse_build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        return tuple(table_registry.read_table(con, name) for name in ("series", "statements"))  # type: ignore[return-value]


def _line(row: dict[str, Any]) -> Line:
    since = row["period_start"]
    return Line(row["organisation"], row["measure"], date.fromisoformat(since) if since else None)


def _of(row: dict[str, Any]) -> Line:
    return Line(row["organisation"], row["measure"], row["baseline"])


def _as_of(told: Told) -> date:
    return date.fromisoformat(told.row["as_of"])


class Truth:
    """What may stand on the lines of one history, from its true rows."""

    def __init__(self, history: History) -> None:
        carried: dict[int, list[Told]] = defaultdict(list)
        for told in history.told:
            if told.planted is None and told.row["qualifier"] == "exact":
                carried[id(told.bulletin)].append(told)
        self.points: dict[Line, dict[date, int]] = defaultdict(dict)
        self.ever: dict[Line, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.repeats: set[int] = (
            set()
        )  # bulletins of which no row gives a cut-off: maybe repeats of an equal one
        self.homes: dict[
            int, tuple[int, date]
        ] = {}  # of each bulletin: the newest version carried, and its moment
        for rows in carried.values():
            bulletin, line = rows[0].bulletin, _line(rows[0].row)
            newest = max(told.version for told in rows)
            cut_off = moment = date_of(FIRST_DAY + bulletin.as_of)
            if all(_as_of(told) != cut_off for told in rows):  # given by nobody: its first day in print
                moment = min(_as_of(told) for told in rows)
            self.homes[id(bulletin)] = (newest, moment)
            if all(told.row["as_of_basis"] in NOT_OBSERVED for told in rows):
                self.repeats.add(id(bulletin))
            if moment == cut_off or moment not in self.points[line]:
                self.points[line][moment] = bulletin.values[newest]
            self.ever[line][moment] |= {bulletin.values[told.version] for told in rows}

    def coincides(self, told: Told) -> bool:
        """A misprint that says what had been said of its moment, or, without a cut-off, of an earlier one."""
        line, as_of, value = _line(told.row), _as_of(told), told.row["value"]
        if told.row["as_of_basis"] in NOT_OBSERVED:
            return any(value in values for day, values in self.ever[line].items() if day <= as_of)
        return value in self.ever[line].get(as_of, ())


def judge(history: History, series: pl.DataFrame, statements: pl.DataFrame) -> list[Verdict]:
    """Every point, planted mistake and true figure of one history, judged by its rows in the build."""
    name = f"h{history.seed}"
    truth = Truth(history)
    doubt = pl.col("doubt").is_null() if "doubt" in series.columns else pl.lit(True)
    stands = series.filter(
        pl.col("situation") == name, pl.col("breakdown") == "total", pl.col("qualifier") == "exact", doubt
    )
    on_line = {(_of(row), row["as_of"], row["value"]) for row in stands.iter_rows(named=True)}
    verdicts = []

    def add(question: str, kind: str, good: bool, line: Line, as_of: date, value: int) -> None:
        verdicts.append(Verdict(history.seed, history.flavour, question, kind, good, line, as_of, value))

    exact = [told for told in history.told if told.row["qualifier"] == "exact"]
    sources = {(_line(told.row), _as_of(told), told.row["value"]): told for told in exact}
    for line, as_of, value in sorted(on_line, key=str):
        good = truth.points[line].get(as_of) == value
        source = sources.get((line, as_of, value))
        kind = "truth" if good else "moved" if source is None else source.planted or source.role
        add("line", kind, good, line, as_of, value)
    shaky = _shaky(statements.filter(pl.col("situation") == name))
    for told in history.told:
        line, as_of, value = _line(told.row), _as_of(told), told.row["value"]
        if told.planted:
            if not truth.coincides(told):
                question = "misprint" if told.planted in VALUE_MISTAKES else told.planted
                add(question, told.planted, (line, as_of, value) not in on_line, line, as_of, value)
        elif told.row["qualifier"] != "exact":
            good = (line, as_of, told.row["qualifier"], value) not in shaky
            add("bound", told.role, good, line, as_of, value)
        else:
            newest, moment = truth.homes[id(told.bulletin)]
            if told.version == newest:
                good = (line, moment, value) in on_line or (
                    id(told.bulletin) in truth.repeats
                    and any(value == kept and day <= moment for of, day, kept in on_line if of == line)
                )
                add("figure", told.role, good, line, as_of, value)
    return verdicts


def _shaky(statements: pl.DataFrame) -> set[tuple[Line, date, str, int]]:
    """Statements that are in doubt, contradicted or withdrawn."""
    lost = pl.col("standing").is_in(["contradicted", "withdrawn"])
    if "doubt" in statements.columns:
        lost |= pl.col("doubt").is_not_null()
    rows = statements.filter(lost).iter_rows(named=True)
    return {(_of(row), row["as_of"], row["qualifier"], row["value"]) for row in rows}


def judged(histories: Sequence[History], at_once: int = 20) -> list[Verdict]:
    """Build the histories, so many in one build, and judge them all."""
    verdicts: list[Verdict] = []
    for start in range(0, len(histories), at_once):
        some = histories[start : start + at_once]
        with tempfile.TemporaryDirectory() as scratch:
            series, statements = build(Path(scratch), some)
        for history in some:
            verdicts += judge(history, series, statements)
    return verdicts


def share(verdicts: Iterable[Verdict], *questions: str) -> float:
    """Of the verdicts on some questions, the share that is good. Raises ValueError where there is none."""
    asked = [each.good for each in verdicts if each.question in questions]
    if not asked:
        raise ValueError(f"nothing was judged for {questions}")
    return sum(asked) / len(asked)


def around(history: History, verdict: Verdict, days: int = 20) -> list[Told]:
    """The rows of a verdict's line near its moment, for people who look at a failure."""
    return sorted(
        (
            told
            for told in history.told
            if _line(told.row) == verdict.line and abs((_as_of(told) - verdict.as_of).days) <= days
        ),
        key=lambda told: (told.row["as_of"], told.row["published"], told.row["value"]),
    )
