"""Rows of a list, or of a lake, counted: in DuckDB for as long as it takes, and out of it nothing but sums.

The steps are the SQL files of this room, by number. `Tally` must not outlive the folder it spills to.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import polars as pl

from pipelines.core.situation import Situation
from pipelines.stays.mapping import ATTRIBUTES, Grain, HeadCount, Mapping
from pipelines.stays.mistakes import Mistake
from pipelines.stays.private_folder import MEMORY, open_private_database
from pipelines.stays.survival import Duration

SQL: Final = Path(__file__).parent / "sql"
_WORDS, _READ, _PLACED, *_COUNTED = sorted(SQL.glob("[0-9][0-9]_*.sql"))


class Rows(Protocol):
    """Where the rows of a tally come from. `offices`: whose they are, by the number that a row carries."""

    name: str
    offices: Sequence[str | None]

    def without_words(self) -> AbstractContextManager[None]:
        """Whatever a library raises meanwhile becomes a CountError without a word of the rows."""

    def define(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
        """Define the view `rows_typed`, once the words of a tally are there."""

    def check(self, con: duckdb.DuckDBPyConnection) -> None:
        """Asked once they have been read. Raises CountError."""


@dataclass(frozen=True)
class Question:
    """What is asked of a list.

    `since`: the day of the bulletin before; `moments`: (day after which flows are counted, day) of each
    bulletin, the last of them the cut; `baseline`: the day from which releases are counted to date.
    """

    cut: date
    today: date
    baseline: date
    moments: list[tuple[date | None, date]]
    since: date | None = None


class Tally:
    """The sums of one list, or of one lake. `con` holds the rows, for who keeps them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, rows: Rows, mapping: Mapping) -> None:
        self.con, self._rows, self._mapping = con, rows, mapping

    def _ask(self, name: str) -> pl.DataFrame:
        with self._rows.without_words():
            return self.con.sql((SQL / f"{name}.sql").read_text(encoding="utf-8")).pl()

    def read_mistakes(self) -> list[Mistake]:
        """What is wrong with the list, by kind; the column as the list calls it."""
        columns = self._mapping.list_columns()
        return [
            Mistake(
                fault, self._name_column(fault, key, columns), rows, list(first), self._rows.offices[office]
            )
            for fault, key, office, rows, first in self._ask("mistakes").iter_rows()
        ]

    @staticmethod
    def _name_column(fault: str, key: str | None, columns: dict[str, str]) -> str | None:
        if fault == "implausible_age":
            return columns.get("birth") or columns.get("birth_year")
        return columns.get(key or fault.split("_")[0])

    def read_cells(self) -> pl.DataFrame:
        """measure, breakdown, period_start, as_of, value: before any of it passed the gate."""
        return self._ask("cells")

    def read_gaps(self) -> list[dict[str, Any]]:
        """gap_hours, is_stated, joined, stays, between_at_cut: what placements become by each gap."""
        return self._ask("gaps").to_dicts() if self._mapping.grain is Grain.PLACEMENTS else []

    def read_durations(self) -> list[Duration]:
        """Lengths of stay in days."""
        return [Duration(*row) for row in self._ask("durations").iter_rows()]

    def count_late(self) -> tuple[int, int | None, int]:
        """How many were held on the day of the last bulletin, as the list says now; entries that it got later
        (None: it does not say when); exits of any kind since.
        """
        held, later, exits = self._ask("late").row(0)
        return held, later, exits

    def count_rows(self) -> int:
        """Rows of the list."""
        found = self.con.execute("SELECT count(*) FROM rows_read").fetchone()
        return int(found[0]) if found else 0


@contextmanager
def open_judged(
    rows: Rows,
    mapping: Mapping,
    situation: Situation,
    question: Question,
    private: Path,
    memory: str = MEMORY,
) -> Iterator[Tally]:
    """Read and judge a list: of this tally nothing but rows and mistakes may be asked.

    Raises CountError, which names lines and columns only. `private`: where the folder is made that DuckDB
    spills to what takes more than `memory`.
    """
    with open_private_database(private, memory) as con:
        with rows.without_words():
            _prepare(con, mapping, situation, question)
            con.execute(_WORDS.read_text(encoding="utf-8"))
            rows.define(con, mapping)
            con.execute(_READ.read_text(encoding="utf-8"))
            rows.check(con)
            con.execute(_PLACED.read_text(encoding="utf-8"))
        yield Tally(con, rows, mapping)


@contextmanager
def open_tally(
    rows: Rows,
    mapping: Mapping,
    situation: Situation,
    question: Question,
    private: Path,
    memory: str = MEMORY,
) -> Iterator[Tally]:
    """Read and count a list. Raises CountError, as `open_judged` does."""
    with open_judged(rows, mapping, situation, question, private, memory) as tally:
        with rows.without_words():
            for step in _COUNTED:
                tally.con.execute(step.read_text(encoding="utf-8"))
        yield tally


def _prepare(
    con: duckdb.DuckDBPyConnection, mapping: Mapping, situation: Situation, question: Question
) -> None:
    """What the SQL of this room asks for: variables, and the tables of codes, ages and moments."""
    con.register("codes_arriving", mapping.make_codes(situation))
    others = {key: each.others for key, each in mapping.list_attributes().items() if each.others}
    keys = [*others] or list(ATTRIBUTES[:1])
    end_of_today = datetime.combine(question.today + timedelta(days=1), time())
    con.execute("SET TimeZone = $1", [situation.timezone])  # in which a moment with a zone has a day
    con.execute("SET VARIABLE salt = $1::VARCHAR", [secrets.token_hex(16)])
    con.execute("SET VARIABLE formats = $1::VARCHAR[]", [mapping.days or None])
    con.execute(
        "SET VARIABLE others = map($1::VARCHAR[], $2::VARCHAR[])", [keys, [others.get(k) for k in keys]]
    )
    con.execute("SET VARIABLE joins = $1::BOOLEAN", [mapping.grain is Grain.PLACEMENTS])
    con.execute("SET VARIABLE gap = $1::INTERVAL", [mapping.gap])
    con.execute("SET VARIABLE over_day = $1::BOOLEAN", [mapping.head_count is HeadCount.DAY])
    con.execute("SET VARIABLE end_of_today = $1::TIMESTAMP", [end_of_today])
    con.execute("SET VARIABLE baseline = $1::DATE", [question.baseline])
    con.execute("SET VARIABLE cut = $1::DATE", [question.cut])
    con.execute("SET VARIABLE since = $1::DATE", [question.since])
    ways = {
        "held",
        "detained",
        *(each.to.value for each in (mapping.how.codes.values() if mapping.how else ())),
    }
    con.execute("SET VARIABLE told = $1::VARCHAR[]", [sorted(ways)])  # no zero of what the list does not say
    ages = [(part, first, last) for part, (first, last) in mapping.ages.items()]
    con.register(
        "ages",
        pl.DataFrame(
            ages, schema={"part": pl.String, "first_year": pl.Int32, "last_year": pl.Int32}, orient="row"
        ),
    )
    con.register(
        "moments", pl.DataFrame(question.moments, schema={"starts": pl.Date, "day": pl.Date}, orient="row")
    )
