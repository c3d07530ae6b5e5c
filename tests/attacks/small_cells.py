"""Random worlds with planted small cells of minors, built by the real pipeline and attacked from outside.

`python -m tests.attacks.small_cells [ROUNDS [SEED]]` makes ROUNDS worlds (300) and prints how many planted
cells were solved and what was withheld; exit code 1 when one was solved. The attacker shares nothing with the
defence: it reads published tables, has equations in fractions and intervals of its own, and reads every text.
"""

import itertools
import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.warehouse import published_build, table_registry
from tests.attacks._cell_worlds import AGES, DAY, SEXES, SMALL, WORDS, Key, World, build_worlds, make_world

A_BUILD = 25  # worlds that are built together


class Reckoner:
    """The attacker's own sums: equations in fractions, intervals narrowed until nothing moves."""

    def __init__(self) -> None:
        self.sums: list[tuple[dict[Key, int], float, float]] = []

    def add(self, terms: dict[Key, int], low: float, high: float) -> None:
        self.sums.append((terms, low, high))

    def solve(self) -> dict[Key, tuple[float, float]]:
        known: dict[Key, tuple[float, float]] = {
            key: (0.0, float("inf")) for t, _, _ in self.sums for key in t
        }
        for _ in range(60):
            before = dict(known)
            for terms, low, high in self.sums:
                self._narrow(known, terms, low, high)
            if known == before:
                break
        for key, value in self._eliminate():
            known[key] = (value, value)
        return known

    @staticmethod
    def _narrow(
        known: dict[Key, tuple[float, float]], terms: dict[Key, int], low: float, high: float
    ) -> None:
        ends = {k: sorted((by * known[k][0], by * known[k][1])) for k, by in terms.items()}
        for key, by in terms.items():
            least = low - sum(e[1] for k, e in ends.items() if k != key)
            most = high - sum(e[0] for k, e in ends.items() if k != key)
            one, two = sorted((least / by, most / by))
            if max(known[key][0], one) <= min(known[key][1], two):  # what contradicts itself tells nothing
                known[key] = (max(known[key][0], one), min(known[key][1], two))

    def _eliminate(self) -> Iterator[tuple[Key, float]]:
        """Gauss: every variable that the equations fix by themselves."""
        solved: list[tuple[Key, dict[Key, Fraction]]] = []
        for terms, low, high in self.sums:
            if low != high:
                continue
            row = {k: Fraction(by) for k, by in terms.items()} | {("one",): Fraction(-int(low))}
            for pivot, other in solved:
                if by := row.pop(pivot, None):
                    for k, v in other.items():
                        row[k] = row.get(k, Fraction(0)) + by * v
            row = {k: v for k, v in row.items() if v}
            pivot = next((k for k in row if k != ("one",)), None)
            if pivot is None:
                continue
            scale = -row.pop(pivot)
            own = {k: v / scale for k, v in row.items()}
            for number, (name, other) in enumerate(solved):
                if by := other.pop(pivot, None):
                    for k, v in own.items():
                        other[k] = other.get(k, Fraction(0)) + by * v
                    solved[number] = (name, {k: v for k, v in other.items() if v})
            solved.append((pivot, own))
        for key, terms in solved:
            if not set(terms) - {("one",)}:
                yield key, float(terms.get(("one",), Fraction(0)))


def reckon(world: World, shown: list[dict[str, Any]]) -> dict[Key, tuple[float, float]]:
    """What an outsider makes of the claims, who takes both organisations for one and a day for the next."""
    sums = Reckoner()
    cells = [*itertools.product(("all", *AGES), ("all", *SEXES))]
    moments = [("held", i) for i in range(len(world.days))]
    moments += [(e, i) for e in ("released", "detained") for i in range(len(world.days))]
    for what, i in moments:
        for sex in ("all", *SEXES):
            sums.add(
                {(what, i, "all", sex): 1, (what, i, "minor", sex): -1, (what, i, "adult", sex): -1}, 0, 0
            )
        for age in ("all", *AGES):
            sums.add(
                {(what, i, age, "all"): 1, (what, i, age, "female"): -1, (what, i, age, "male"): -1}, 0, 0
            )
    for i, (age, sex) in itertools.product(range(len(world.days)), cells):
        moved = {("held", i, age, sex): 1, ("detained", i, age, sex): -1, ("released", i, age, sex): 1}
        sums.add(moved | ({("held", i - 1, age, sex): -1} if i else {}), 0, 0)
        sums.add(
            {("to_date", e := "released", i, age, sex): 1} | {(e, j, age, sex): -1 for j in range(i + 1)},
            0,
            0,
        )
        sums.add(
            {("to_date", e := "detained", i, age, sex): 1} | {(e, j, age, sex): -1 for j in range(i + 1)},
            0,
            0,
        )
        if (age, sex) == ("all", "all"):
            sums.add({("held", i, age, sex): 1, ("south", i): -1, ("north", i): -1}, 0, 0)
    for row in shown:
        key = _find_key(world, row)
        if key is not None:
            low = high = float(row["value"])
            if row["value"] is not None and row["fewer_than"] is None:
                sums.add({key: 1}, low, high)
    return sums.solve()


def _find_key(world: World, row: dict[str, Any]) -> Key | None:
    offset = (row["as_of"] - DAY).days
    i = next((n for n, day in enumerate(world.days) if 0 <= offset - day <= 1), None)
    if i is None or row["value"] is None:
        return None
    parts = {part.split("=")[0]: part.split("=")[1] for part in row["breakdown"].split(";") if "=" in part}
    if parts.keys() & {"facility", "place"}:
        return (parts.get("facility", parts.get("place")), i)
    age = "minor" if parts.get("group") or row["population"] == "minors_held" else parts.get("age", "all")
    age = "minor" if age == "adolescent" else age
    if age not in ("all", *AGES):
        return None
    place = (i, age, parts.get("sex", "all"))
    measure = row["measure"]
    if measure == "in_custody":
        return ("held", *place)
    return (
        ("to_date", measure.removesuffix("_to_date"), *place)
        if measure.endswith("_to_date")
        else (measure, *place)
    )


def read_texts(tables: dict[str, pl.DataFrame], few: int, share: str, adults: int) -> list[str]:
    """Texts of any table that spell the planted cell of the first bulletin out."""
    spelt = []
    number = rf"\b({few}|{WORDS[few]}|{re.escape(share)}|{adults})\b"
    for name, frame in tables.items():
        for row in frame.iter_rows(named=True):
            for column, value in row.items():
                text = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode().lower()
                if isinstance(value, str) and re.search(number, text):
                    near = re.search(rf"{number}.{{0,40}}(minor|adolesc|menor|crianc|adult|teen)", text)
                    if near or re.search(rf"(minor|adolesc|menor|crianc|adult|teen).{{0,20}}{number}", text):
                        spelt.append(f"{name}.{column}: {value}")
            odd = str(row.get("breakdown"))
            if row.get("value") == few and ("teen" in odd or "adolescents" in odd):
                spelt.append(f"{name}.value of {odd}")
    return spelt


@dataclass
class Score:
    """Planted cells, those that were solved (with how), and what it cost."""

    worlds: int = 0
    planted: int = 0
    solved: list[str] = field(default_factory=list)
    claims: int = 0
    withheld: int = 0
    guarded: int = 0

    def __str__(self) -> str:
        return (
            f"{self.worlds} worlds, {self.planted} planted cells, {len(self.solved)} solved; "
            f"of {self.claims} claims {self.withheld} withheld ({self.withheld / max(self.claims, 1):.1%}), "
            f"of {self.guarded} of guarded parts {self.withheld / max(self.guarded, 1):.1%}"
        )


def attack(data: DataDir, worlds: list[World], score: Score) -> None:
    """Try every world of a build."""
    with published_build.open_current(data) as con:
        every = {name: table_registry.read_table(con, name) for name in table_registry.TABLES}
    for number, world in enumerate(worlds):
        mine = pl.col("situation") == f"world_{number}"
        tables = {
            name: f.filter(mine)
            for name, f in every.items()
            if "situation" in f.columns and name != "situations"
        }
        claims = tables["claims"]
        found = reckon(world, claims.to_dicts())
        guarded = pl.col("breakdown").str.contains("age|group|facility|place")
        wholes = claims.filter(~guarded & (pl.col("population") != "minors_held"))
        alone = reckon(world, wholes.to_dicts())
        score.worlds += 1
        score.claims += claims.height
        score.withheld += claims["suppressed"].sum()
        score.guarded += claims.filter(guarded).height
        for key, true in list_planted(world):
            score.planted += 1
            low, high = found.get(key, (0, float("inf")))
            wide = alone.get(key, (0, float("inf")))
            if low <= true <= high and high - low < SMALL - 1 and (low, high) != wide:
                score.solved.append(f"world {score.worlds}: {key} is {true}: {low:g} to {high:g}")
        few = world.count("held", 0, "minor")
        if few < SMALL:
            share = f"{100 * few / max(world.count('held', 0), 1):.1f}"
            texts = read_texts(tables, few, share, world.count("held", 0, "adult"))
            score.solved += [f"world {score.worlds}: {text}" for text in texts[:1]]


def list_planted(world: World) -> Iterator[tuple[Key, int]]:
    """Cells of minors, and of the small prison, that somebody stated and that are below the threshold."""
    dated = (row | {"as_of": date.fromisoformat(row["as_of"])} for row in world.rows)
    stated = {_find_key(world, row) for row in dated}
    for key in sorted((k for k in stated if k), key=str):
        if key[0] == "south" and world.south[key[1]] < SMALL:
            yield key, world.south[key[1]]
        elif len(key) > 3 and key[-2] == "minor":
            what, at = (key[1], key[2]) if key[0] == "to_date" else (key[0], key[1])
            span = range(at + 1) if key[0] == "to_date" else (at,)
            true = sum(world.count(what, n, "minor", key[-1]) for n in span)
            if true < SMALL:
                yield key, true


def run(rounds: int, seed: int) -> Score:
    """Make and attack so many worlds."""
    rng, score = random.Random(seed), Score()
    for start in range(0, rounds, A_BUILD):
        worlds = [make_world(rng) for _ in range(min(A_BUILD, rounds - start))]
        with tempfile.TemporaryDirectory() as scratch:
            attack(build_worlds(Path(scratch), worlds), worlds, score)
    return score


def main() -> int:
    """Print the score; 1 when a planted cell was solved."""
    rounds, seed = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 300), (2, 13)))
    score = run(rounds, seed)
    print("\n".join(score.solved[:40]))
    print(score)
    return 1 if score.solved else 0


if __name__ == "__main__":
    sys.exit(main())
