"""The lives of statements: what was known of each through every span of days."""

from typing import Final

import duckdb

from pipelines.core.paths import SQL
from pipelines.warehouse.neighbours import find_neighbours

_MADE: Final = (
    "claim_changes",
    "told_lives",
    "lone_lives",
    "marks",
    "mark_lines",
    "neighbours",
    "doubt_lives",
)


def run_stage(con: duckdb.DuckDBPyConnection, *stages: str) -> None:
    """Run the SQL files of these stages, each in the order of its numbers.

    A file `…_by_portion` runs once for each `portion`, from 0 up to the variable `portions` set before it.
    """
    for stage in stages:
        for path in sorted((SQL / stage).glob("[0-9][0-9]_*.sql")):
            if path.stem.endswith("_by_portion"):
                _run_by_portion(con, f"{stage}/{path.name}")
            else:
                run_file(con, f"{stage}/{path.name}")


def run_file(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one SQL file. An error of DuckDB's says in which."""
    try:
        con.execute((SQL / name).read_text(encoding="utf-8"))
    except duckdb.Error as error:
        error.add_note(name)
        raise


def _run_by_portion(con: duckdb.DuckDBPyConnection, name: str) -> None:
    row = con.execute("SELECT getvariable('portions')").fetchone()
    for portion in range(row[0] if row else 0):
        con.execute("SET VARIABLE portion = $portion", {"portion": portion})
        run_file(con, name)


def work_out(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables `placed_lives` and `statement_lives` from what `claims` holds."""
    run_stage(con, "3_lives")
    find_neighbours(con)
    run_stage(con, "3_lives/judged")
    for table in _MADE:
        con.execute(f"DROP TABLE temp.{table}")
