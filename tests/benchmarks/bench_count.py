"""Millions of stays counted into every weekly bulletin of ten years, beside pandas on a tenth of them.

Generated stays; our time and memory are those of the whole command, from the file to the sheet.
"""

import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

STAYS = 5_000_000
BEGUN, CUT = date(2016, 4, 25), date(2026, 4, 27)
MOST_SECONDS, MOST_BYTES = 60.0, 4_000_000_000
_MAPPING = """
grain = "stays"
organisation = "generated"
person = "person"
entry = "entered"
exit = "left"
birth_year = "born"
[ages]
minor = [0, 17]
adult = [18, 120]
[how]
column = "how"
codes = { pardon = { to = "released", mechanism = "pardon" }, left = { to = "left" } }
[sex]
column = "sex"
codes = { f = "female", m = "male" }
[service]
column = "service"
codes = { c = "civilian", m = "military" }
[nationality]
column = "nationality"
[sentenced]
column = "sentenced"
codes = { y = "yes", n = "no" }
[facility]
column = "facility"
"""
_PARTS = """
[breakdown_values]
sex = ["female", "male"]
service = ["civilian", "military"]
age = ["minor", "adult"]
sentenced = ["no", "yes"]
mechanism = ["pardon"]
nationality = ["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"]
facility = ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"]
"""


def main(stays: int = STAYS) -> list[dict[str, Any]]:
    """Rows of a table: what was counted, seconds, bytes of memory at most, whether the bar holds."""
    root = Path(__file__).resolve().parents[2]
    sys.path.insert(0, str(root))  # run as a script, Python looks in this file's folder only
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        data = _write_situation(folder)
        _write_list(folder / "list.parquet", stays)
        _write_list(folder / "tenth.parquet", stays // 10)
        (folder / "mapping.toml").write_text(_MAPPING)
        ours = _run(
            [
                "-m", "pipelines", "count", str(folder / "list.parquet"),
                "--mapping", str(folder / "mapping.toml"), "--cut", str(CUT),
                "--series", "week", "--from", str(BEGUN), "--stay-length", "--json",
                "--out", str(folder / "sheet.csv"), "--data-dir", str(data),
            ],
            root,
        )  # fmt: skip
        theirs = _run([str(Path(__file__)), str(folder / "tenth.parquet")], root)
    holds = ours[0] < MOST_SECONDS and ours[1] < MOST_BYTES
    return [
        {"what": f"count of {stays:,} stays, weekly, all parts", "seconds": ours[0], "bytes": ours[1],
         "holds": "yes" if holds else "no"},
        {"what": f"pandas, {stays // 10:,} stays, a mask a week", "seconds": theirs[0], "bytes": theirs[1],
         "ratio": theirs[0] * 10 / ours[0]},
    ]  # fmt: skip


def _run(words: list[str], root: Path) -> tuple[float, int]:
    """Seconds and the most memory of a command, in a process of its own."""
    started = time.perf_counter()
    measured = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]], check=True, "
        "stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, *words], cwd=root, check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - started, int(done.stdout)


def _write_situation(folder: Path) -> Path:
    from tests.benchmarks.generated import write_situation

    data = folder / "data"
    made = write_situation(data)
    path = made / "situation.toml"
    head = path.read_text(encoding="utf-8").split("[breakdown_values]")[0]
    path.write_text(head + _PARTS, encoding="utf-8")
    organisation = '[[organisation]]\nid = "generated"\nname = "Generated"\nrole = "ngo"\n'
    (made / "organisations.toml").write_text(organisation, encoding="utf-8")
    return data


def _write_list(path: Path, stays: int) -> None:
    """Stays that begin at random in ten years, two months long on average; one person a stay."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(20260427)
    entered = np.datetime64(BEGUN) + dice.integers(0, (CUT - BEGUN).days, stays)
    left = entered + dice.exponential(60, stays).astype(int)
    gone = pl.Series(left <= np.datetime64(CUT))
    how = pl.Series(np.where(dice.random(stays) < 0.3, "pardon", "left"))
    pl.DataFrame(
        {
            "person": pl.Series(np.arange(stays)).cast(pl.String) + "-invented",
            "entered": entered.astype("datetime64[us]"),
            "left": pl.Series(left.astype("datetime64[us]")).set(~gone, None),
            "how": how.set(~gone, None),
            "born": dice.integers(1950, 2012, stays),
            "sex": np.where(dice.random(stays) < 0.1, "f", "m"),
            "service": np.where(dice.random(stays) < 0.4, "m", "c"),
            "sentenced": np.where(dice.random(stays) < 0.4, "y", "n"),
            "nationality": pl.Series(dice.integers(0, 10, stays)).cast(pl.String),
            "facility": pl.Series(dice.integers(0, 10, stays)).cast(pl.String),
        }
    ).with_columns(
        pl.format("n{}", "nationality").alias("nationality"), pl.format("f{}", "facility").alias("facility")
    ).write_parquet(path)


def count_in_pandas(path: Path) -> None:
    """Who is held at the end of each week, by part, as one would write it: a mask a week."""
    import pandas as pd

    stays = pd.read_parquet(path)
    day = CUT
    while day > BEGUN:
        at = pd.Timestamp(day)
        held = stays[(stays.entered <= at) & (stays.left.isna() | (stays.left > at))]
        week = stays[(stays.entered <= at) & (stays.entered > at - pd.Timedelta(days=7))]
        gone = stays[(stays.left <= at) & (stays.left > at - pd.Timedelta(days=7)) & (stays.how == "pardon")]
        for rows in (held, week, gone):
            for part in ("sex", "service", "sentenced", "nationality", "facility"):
                rows.groupby(part).size()
        day -= timedelta(days=7)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        count_in_pandas(Path(sys.argv[1]))
    else:
        print(main())
