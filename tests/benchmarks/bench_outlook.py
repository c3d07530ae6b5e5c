"""Series a second of the outlook: all four horizons, both targets, simulated series of all laws."""

import time

from pipelines.outlook.forecast import look_ahead
from tests.outlook.simulate import LAWS, simulate

BAR = 20  # series a second


def main() -> None:
    """Print how many series a second one core answers; fails below the bar."""
    cases = [simulate(law, 100 + seed) for law in (*LAWS, "irregular_late") for seed in range(12)]
    days = [case.rows["published"].max() for case in cases]
    start = time.perf_counter()
    for case, day in zip(cases, days, strict=True):
        look_ahead(case.rows, day)  # type: ignore[arg-type]
    pace = len(cases) / (time.perf_counter() - start)
    print(f"outlook: {pace:.0f} series/s over {len(cases)} series (bar {BAR})")
    if pace < BAR:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
