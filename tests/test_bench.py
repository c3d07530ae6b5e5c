"""The table of the benchmarks is whole whatever was missed, and what was missed is said after it."""

import io

from rich.console import Console

from tests.benchmarks.__main__ import Rows, measure


def broken() -> Rows:
    raise RuntimeError("no server")


def test_a_miss_and_a_break_down_stop_nothing_and_are_named() -> None:
    paper = io.StringIO()
    missed = measure(
        {
            "bench_a": lambda: [{"what": "too slow", "seconds": 9.0, "bar": 1.0, "holds": "no"}],
            "bench_b": broken,
            "bench_c": lambda: [{"what": "fast enough", "seconds": 0.5, "holds": "yes"}],
        },
        Console(file=paper, width=120),
    )
    assert missed == ["too slow", "bench_b"]
    printed = ("too slow", "bench_b", "RuntimeError", "fast enough")
    assert [name for name in printed if name not in paper.getvalue()] == []


def test_nothing_missed_is_nothing_said() -> None:
    assert measure({"bench": lambda: [{"seconds": 1.0}]}, Console(file=io.StringIO())) == []
