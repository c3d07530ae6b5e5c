"""The lives of statements: what was known of each through every span of days."""

from typing import Final

import duckdb

from pipelines.core.paths import SQL
from pipelines.warehouse.neighbours import find_neighbours

_MADE: Final = ("claim_changes", "told_lives", "lone_lives", "marks", "neighbours", "doubt_lives")


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
