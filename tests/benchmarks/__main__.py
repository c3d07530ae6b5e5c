"""`make bench`: every benchmark of this folder, one after the other, as one table of ratios."""

import importlib
import platform
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main() -> None:
    """Run each `bench_*.py` and print what it measured."""
    table = Table("what", "seconds", "ratio", "more", title=f"{platform.processor() or platform.machine()}")
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        rows = importlib.import_module(f"tests.benchmarks.{path.stem}").main()
        for row in rows or []:
            more = {key: value for key, value in row.items() if key not in {"what", "seconds", "ratio"}}
            table.add_row(
                str(row.get("what", path.stem)),
                _number(row.get("seconds")),
                _number(row.get("ratio")),
                ", ".join(f"{key} {_number(value)}" for key, value in more.items()),
            )
    Console(width=120).print(table)


def _number(value: object) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else "" if value is None else str(value)


if __name__ == "__main__":
    main()
