"""The list as a view of DuckDB, read where it lies: CSV and Parquet out of core, a workbook by its reader.

Only the columns that the mapping names are read, every one as text. No message repeats a word of the file: a
library's own words may hold a row, so they are dropped and said anew.
"""

import csv
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from pipelines.intake.files.xlsx import read_xlsx
from pipelines.sheets.raw_table import ROW, ReadError
from pipelines.stays.mapping import ATTRIBUTES, COLUMNS, CountError, Mapping
from pipelines.stays.mistakes import tell_fault

LISTED: Final = (*COLUMNS, "how", *ATTRIBUTES)  # the columns of the view, beside `line`
SAID: Final = 5  # faulty lines that a message names
_SEPARATORS: Final = ",;\t|"
_ENCODINGS: Final = ("utf-8", "latin-1", "utf-16")
_BOOKS: Final = (".xlsx", ".xlsm")
_TEXT: Final = "VARCHAR"
_ROWS_TYPED: Final = Path(__file__).parent / "sql" / "list" / "rows_typed.sql"
_CSV_ROWS: Final = _ROWS_TYPED.with_name("csv_rows.sql")
_MOST: Final = 10_000  # faulty lines that are kept to be counted


def without_words(path: Path) -> AbstractContextManager[None]:
    """Whatever a library raises meanwhile becomes a CountError that names the file and the kind of fault."""
    return tell_fault(path.name, "counted", "save it anew, as CSV UTF-8 or Parquet")


class ListFile:
    """The rows of one list, for a tally."""

    offices: Sequence[str | None] = (None,)

    def __init__(self, path: Path) -> None:
        self._path, self.name = path, path.name

    def without_words(self) -> AbstractContextManager[None]:
        """What is raised meanwhile is said anew."""
        return without_words(self._path)

    def define(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
        """Define the view `rows_typed`. Raises CountError, OSError."""
        open_list(con, self._path, mapping)
        con.execute(_ROWS_TYPED.read_text(encoding="utf-8"))

    def check(self, con: duckdb.DuckDBPyConnection) -> None:
        """Refuse a list of which not every row was read. Raises CountError."""
        check_lines(con, self._path)


def open_list(con: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping) -> None:
    """Define the view `listed`: LISTED as text, and `line`, the row where the file says which (else null).

    Raises CountError, OSError.
    """
    suffix = path.suffix.lower()
    with path.open("rb"):
        pass
    if suffix in {".csv", ".tsv", ".txt"}:
        relation = _open_csv(con, path, mapping)
    elif suffix == ".parquet":
        relation = con.read_parquet(str(path))
    elif suffix in _BOOKS:
        con.register("workbook", _read_workbook(path, mapping))
        relation = con.table("workbook")
    else:
        raise CountError(f"{path.name}: a list is CSV, XLSX or Parquet")
    columns = mapping.list_columns()
    missing = sorted(name for name in columns.values() if name not in relation.columns)
    if missing:
        raise CountError(
            f"{path.name}: no column is called {', '.join(map(repr, missing))}, as the mapping says"
        )
    line = duckdb.ColumnExpression(ROW) if suffix in _BOOKS else duckdb.ConstantExpression(None)
    relation.select(
        line.cast("BIGINT").alias("line"),
        *(
            (duckdb.ColumnExpression(columns[name]) if name in columns else duckdb.ConstantExpression(None))
            .cast(_TEXT)
            .alias(name)
            for name in LISTED
        ),
    ).create_view("listed")


def _open_csv(con: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping) -> duckdb.DuckDBPyRelation:
    """Nothing is guessed but the separator, from the header's line."""
    if mapping.encoding not in _ENCODINGS:
        raise CountError(f"encoding {mapping.encoding!r}: a list is read as {', '.join(_ENCODINGS)}")
    encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            outside = "".join(first.split('"')[::2])
            separator = mapping.separator or max(_SEPARATORS, key=outside.count)
            file.seek(0)
            names = next(csv.reader(file, delimiter=separator), [])
    except UnicodeError as error:
        raise CountError(
            f"{path.name}: it is not {mapping.encoding}; save it as CSV UTF-8, or name its `encoding`"
        ) from error
    if not any(names):
        raise CountError(f"{path.name}: row 1 has no names of columns; the file is empty, or begins blank")
    if len(set(names)) < len(names):
        raise CountError(f"{path.name}: row 1: two columns have one name, or none")
    # not `con.read_csv`: that copies what is not UTF-8, and refuses to
    return con.sql(
        _CSV_ROWS.read_text(encoding="utf-8"),
        params={
            "path": str(path),
            "columns": dict.fromkeys(names, _TEXT),
            "separator": separator,
            "encoding": mapping.encoding,
            "most": _MOST,
        },
    )


def _read_workbook(path: Path, mapping: Mapping) -> pl.DataFrame:
    try:
        tables = [each for each in read_xlsx(path) if mapping.sheet in (None, each.name)]
    except ReadError as error:
        raise CountError(f"{path.name}: {_without_cells(str(error).removeprefix(f'{path}: '))}") from error
    if len(tables) != 1:
        raise CountError(f"{path.name}: {len(tables)} sheets; name the one in the mapping as `sheet`")
    if tables[0].faults:
        rows = [str(fault.row) for fault in tables[0].faults]
        why = _without_cells(tables[0].faults[0].reason)
        raise CountError(f"{path.name}: {_name_rows('row', rows, len(rows))} cannot be read: {why}")
    return tables[0].cells


def _without_cells(reason: str) -> str:
    """Why a reader of ours refused something, but for what repeats a cell or a library."""
    if "formula" in reason:
        return "a cell holds a formula; paste it as a value"
    if "cannot be opened" in reason:
        return "the workbook cannot be opened; save it again as .xlsx"
    return f"{reason}; row 1 has to name every column" if "without a header" in reason else reason


def check_lines(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a CSV file of which lines could not be read. Asked once it has been read. Raises CountError."""
    known = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone()
    if not known or not known[0]:
        return
    rejected = con.execute(
        "SELECT line, any_value(error_type)::VARCHAR FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    if rejected:
        said = _name_rows("line", [str(line) for line, _ in rejected], len(rejected))
        kinds = ", ".join(sorted({kind.lower() for _, kind in rejected}))
        raise CountError(f"{path.name}: {said} cannot be read as a row ({kinds})")


def _name_rows(what: str, numbers: list[str], count: int) -> str:
    more = f" and {count - SAID} more" if count > SAID else ""
    return f"{what} {', '.join(numbers[:SAID])}{more}"
