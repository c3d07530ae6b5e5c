"""Series a second of the outlook: all four horizons, both targets, simulated series of all laws."""

import time
from typing import Any

from pipelines.forecast.outlook import look_ahead
from tests.pipelines.forecast.simulate import LAWS, simulate

BAR = 20  # series a second


def main() -> list[dict[str, Any]]:
    """One row of a table: how many series a second one core answers, and whether that holds the bar."""
    cases = [simulate(law, 100 + seed) for law in (*LAWS, "irregular_late") for seed in range(12)]
    days = [case.rows["published"].max() for case in cases]
    start = time.perf_counter()
    for case, day in zip(cases, days, strict=True):
        look_ahead(case.rows, day)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    pace = len(cases) / seconds
    return [
        {
            "what": f"outlook of {len(cases)} series",
            "seconds": seconds,
            "per_second": pace,
            "bar": BAR,
            "holds": "yes" if pace >= BAR else "no",
        }
    ]


if __name__ == "__main__":
    for row in main():
        print(row)
