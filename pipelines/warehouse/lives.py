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
    """Run the SQL files of these stages, each in the order of its numbers."""
    for stage in stages:
        for path in sorted((SQL / stage).glob("[0-9][0-9]_*.sql")):
            run_file(con, f"{stage}/{path.name}")


def run_file(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one SQL file."""
    con.execute((SQL / name).read_text(encoding="utf-8"))


def work_out(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables `placed_lives` and `statement_lives` from what `claims` holds."""
    run_stage(con, "3_lives")
    find_neighbours(con)
    run_stage(con, "3_lives/judged")
    for table in _MADE:
        con.execute(f"DROP TABLE temp.{table}")


def store(con: duckdb.DuckDBPyConnection) -> None:
    """Store the statements, portion by portion. Needs `work_out` and the stage `4_statements`."""
    con.begin()
    for (portion,) in con.sql("SELECT DISTINCT portion FROM statement_portions ORDER BY portion").fetchall():
        con.execute("SET VARIABLE portion = $portion", {"portion": portion})
        run_file(con, "4_statements/insert_statements.sql")
    con.commit()
    con.execute("DROP MACRO TABLE temp.statements_of")
    for table in ("statement_lives", "spans_joined", "points_told_often", "statement_portions"):
        con.execute(f"DROP TABLE temp.{table}")
