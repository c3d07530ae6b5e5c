"""Random worlds with planted small cells of minors, built by the real pipeline and attacked from outside.

`python -m tests.attacks.small_cells [ROUNDS [SEED]]` makes ROUNDS worlds (300) and prints how many planted cells were
solved and what was withheld; exit code 1 when one was solved. The attacker shares nothing with the defence: it reads
published tables, writes its own equations in fractions and intervals, and reads every text.
"""

import itertools
import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.sheets.transcription_sheet import COLUMNS
from pipelines.warehouse import build, published_build, table_registry

DAY, TODAY, SMALL, A_BUILD = date(2026, 3, 1), date(2026, 12, 31), 5, 25
AGES, SEXES = ("minor", "adult"), ("female", "male")
SITUATION = """
id = "{name}"
{default}timezone = "UTC"
baseline = 2026-01-08
primary_organisation = "primary"
default_population = "detainees"
baseline_tolerance_days = 1
name = {{ es = "Demo", en = "Demo" }}
summary = {{ es = "Demo.", en = "Demo." }}
baseline_text = {{ es = "el comienzo", en = "the start" }}
[populations]
detainees = {{ es = "personas detenidas", en = "people detained" }}
prisoners = {{ es = "presos", en = "prisoners" }}
minors_held = {{ es = "menores detenidos", en = "minors held" }}
[breakdown_values]
age = ["adolescent", "minor", "adult"]
sex = ["female", "male"]
facility = ["north", "south"]
place = ["south"]
group = ["minors"]
"""
ORGANISATIONS = "".join(
    f'[[organisation]]\nid = "{n}"\nname = "{n}"\nrole = "ngo"\n' for n in ("primary", "other")
)
SPELT = (
    "{word} adolescentes entre ellos", "{n} of them are minors", "entre eles {n} crianças", "{share} % are minors",
    "{adults} adultos, los demás no", "menores de edad: {n}",
)  # fmt: skip
WORDS = ("cero", "un", "dos", "tres", "cuatro")
Key = tuple[Any, ...]


@dataclass
class World:
    """Who is really there: counts by (moment, age, sex), moments ("held", day), ("released", i), ("detained", i)."""

    days: list[int]
    since: int
    true: dict[Key, int] = field(default_factory=dict)
    south: dict[int, int] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def count(self, what: str, at: int, age: str = "all", sex: str = "all") -> int:
        ages, sexes = (AGES if age == "all" else (age,)), (SEXES if sex == "all" else (sex,))
        return sum(self.true[what, at, a, s] for a in ages for s in sexes)


def make_world(rng: random.Random) -> World:
    """Few minors among many adults, over two to four bulletins; everybody was detained after `since`."""
    days = list(itertools.accumulate(rng.randint(5, 12) for _ in range(rng.randint(2, 4))))
    world = World(days, -40)
    first = {(a, s): rng.randint(0, 4) if a == "minor" else rng.randint(20, 90) for a in AGES for s in SEXES}
    gone_before = {k: rng.choice((0, 2, 9, 25)) for k in first}
    for (a, s), n in first.items():
        world.true["held", 0, a, s] = n
        world.true["released", 0, a, s], world.true["detained", 0, a, s] = (
            gone_before[a, s],
            n + gone_before[a, s],
        )
        for i in range(1, len(days)):
            came = rng.choice((0, 0, 1, 6, 14)) if a == "minor" else rng.randint(0, 20)
            out = rng.randint(0, world.true["held", i - 1, a, s])
            world.true["detained", i, a, s], world.true["released", i, a, s] = came, out
            world.true["held", i, a, s] = world.true["held", i - 1, a, s] + came - out
    world.south = {i: rng.randint(0, 4) for i in range(len(days))}
    _publish(world, rng)
    return world


def _publish(world: World, rng: random.Random) -> None:
    """Say some of it: parts, totals, flows, counts to date, by two organisations, under several names, with notes."""
    names = [name for name in (("all", "all"), ("minor", "all"), ("adult", "all"), ("all", "female"), ("all", "male"),
             *itertools.product(AGES, SEXES)) if rng.random() < 0.6]  # fmt: skip
    for i, day in enumerate(world.days):
        for organisation in ("primary", "other"):
            for age, sex in names:
                late = rng.choice((0, 0, 1))
                if rng.random() < (0.8 if organisation == "primary" else 0.25):
                    held = world.count("held", i, age, sex)
                    _say(world, rng, organisation, "in_custody", held, day + late, age, sex)
                for event in ("released", "detained"):
                    total = sum(world.count(event, j, age, sex) for j in range(i + 1))
                    if rng.random() < 0.3:
                        _say(
                            world,
                            rng,
                            organisation,
                            f"{event}_to_date",
                            total,
                            day,
                            age,
                            sex,
                            since=world.since,
                        )
                    if i and rng.random() < 0.3:
                        flow, since = world.count(event, i, age, sex), world.days[i - 1]
                        _say(world, rng, organisation, event, flow, day, age, sex, since=since)
        if rng.random() < 0.4:
            total = world.count("held", i)
            south = rng.choice(("facility=south", "place=south"))
            _row(world, "primary", "in_custody", total, day, "total")
            _row(world, "primary", "in_custody", total - world.south[i], day, "facility=north")
            _row(world, "primary", "in_custody", world.south[i], day, south)
    few = world.count("held", 0, "minor")
    share = f"{100 * few / max(world.count('held', 0), 1):.1f}"
    if few < SMALL and rng.random() < 0.5:
        note = rng.choice(SPELT).format(
            n=few, word=WORDS[few], share=share, adults=world.count("held", 0, "adult")
        )
        _row(world, "primary", "in_custody", world.count("held", 0), world.days[0], "total", note=note)
    if few < SMALL and rng.random() < 0.3:
        _row(world, "primary", "in_custody", few, world.days[0], "age=teenager")  # waits: nobody listed it
    if few < SMALL and rng.random() < 0.3:
        _row(world, "other", "in_custody", few, world.days[0], "adolescents")  # is refused: no key


def _say(
    world: World,
    rng: random.Random,
    who: str,
    measure: str,
    value: int,
    day: int,
    age: str,
    sex: str,
    **more: Any,
) -> None:
    minor = rng.choice(("age=adolescent", "age=minor", "age=minor", "group=minors"))
    parts = [
        *({"minor": [minor], "adult": ["age=adult"]}.get(age, [])),
        *([] if sex == "all" else [f"sex={sex}"]),
    ]
    if age == "minor" and sex == "all" and rng.random() < 0.1:
        parts, more = [], {**more, "population": "minors_held"}
    hedge = "about" if age == "adult" and rng.random() < 0.1 else "exact"
    _row(world, who, measure, value, day, ";".join(sorted(parts)) or "total", qualifier=hedge, **more)


def _row(world: World, who: str, measure: str, value: int, day: int, breakdown: str, **more: Any) -> None:
    since = more.pop("since", None)
    moment = (DAY + timedelta(days=day)).isoformat()
    world.rows.append(dict.fromkeys(COLUMNS) | {
        "organisation": who, "measure": measure, "breakdown": breakdown, "qualifier": "exact", "value": value,
        "as_of": moment, "as_of_basis": "explicit", "published": moment, "published_basis": "stated",
        "period_start": None if since is None else (DAY + timedelta(days=since)).isoformat(),
        "publisher": "Demo Daily", "provenance": "press", "url": "https://example.org/report", **more,
    })  # fmt: skip


def build_worlds(root: Path, worlds: list[World]) -> DataDir:
    """One situation a world, in one build."""
    for number, world in enumerate(worlds):
        folder = root / f"world_{number}"
        (folder / "transcriptions").mkdir(parents=True)
        default = "default = true\n" if number == 0 else ""
        (folder / "situation.toml").write_text(SITUATION.format(name=f"world_{number}", default=default))
        (folder / "organisations.toml").write_text(ORGANISATIONS)
        texts = [{k: None if v is None else str(v) for k, v in row.items()} for row in world.rows]
        frame = pl.DataFrame(texts, schema=dict.fromkeys(COLUMNS, pl.String))
        frame.write_csv(folder / "transcriptions" / "sheet.csv")
    data = DataDir(root)
    build.build(data, today=TODAY)
    return data


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
    """What an outsider makes of the published claims, who takes both organisations for one and a day for the next."""
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
            f"{self.worlds} worlds, {self.planted} planted cells, {len(self.solved)} solved; of {self.claims} claims "
            f"{self.withheld} withheld, {100 * self.withheld / max(self.claims, 1):.1f} %, of {self.guarded} of guarded parts "
            f"{100 * self.withheld / max(self.guarded, 1):.1f} %"
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
        alone = reckon(world, claims.filter(~pl.col("breakdown").str.contains("age|group|facility|place")
                                            & (pl.col("population") != "minors_held")).to_dicts())  # fmt: skip
        score.worlds += 1
        score.claims += claims.height
        score.withheld += claims["suppressed"].sum()
        score.guarded += claims["breakdown"].str.contains("age|group|facility|place").sum()
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
    stated = {_find_key(world, row | {"as_of": date.fromisoformat(row["as_of"]), "population": row.get("population")})
              for row in world.rows}  # fmt: skip
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
