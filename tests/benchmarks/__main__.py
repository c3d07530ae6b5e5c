"""`make bench`: every benchmark of this folder, one after the other, each as a table of ratios.

A table is printed when its benchmark ends, so that a run that is stopped shows what it measured. All are
always printed. What missed its bar, and what broke down, is said after them; that is an error then.
"""

import importlib
import platform
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Rows = list[dict[str, Any]]


def main() -> None:
    """Run each `bench_*.py` and print what it measured. Exits with 1 where anything was missed."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    console = Console(width=120)
    console.print(platform.processor() or platform.machine())
    missed = measure({name: _benchmark(name) for name in names}, console)
    if missed:
        console.print("missed:", *(f"- {each}" for each in missed), sep="\n", markup=False, highlight=False)
        raise SystemExit(1)


def measure(benchmarks: dict[str, Callable[[], Rows]], console: Console) -> list[str]:
    """Run all, print a table of each, and return what missed its bar or broke down."""
    missed = []
    for name, run in benchmarks.items():
        table = Table("what", "seconds", "ratio", "more", title=name, min_width=console.width)
        try:
            rows = run()
        except Exception as error:
            traceback.print_exc()
            rows = [{"what": name, "broke down": type(error).__name__, "holds": "no"}]
        for row in rows:
            what = str(row.get("what", name))
            more = {key: value for key, value in row.items() if key not in {"what", "seconds", "ratio"}}
            table.add_row(
                what,
                _number(row.get("seconds")),
                _number(row.get("ratio")),
                ", ".join(f"{key} {_number(value)}" for key, value in more.items()),
            )
            if row.get("holds") == "no":
                missed.append(what)
        console.print(table)
    return missed


def _benchmark(name: str) -> Callable[[], Rows]:
    def run() -> Rows:
        rows: Rows = importlib.import_module(f"tests.benchmarks.{name}").main()
        return rows

    return run


def _number(value: object) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else "" if value is None else str(value)


if __name__ == "__main__":
    main()
