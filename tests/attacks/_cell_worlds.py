"""Random worlds that add up, with few minors among many adults, and what two organisations say of them."""

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.core.paths import DataDir
from pipelines.sheets.transcription_sheet import COLUMNS
from pipelines.warehouse import build

DAY, TODAY, SMALL = date(2026, 3, 1), date(2026, 12, 31), 5
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
    "{word} adolescentes entre ellos", "{n} of them are minors", "entre eles {n} crianças",
    "{share} % are minors",
    "{adults} adultos, los demás no", "menores de edad: {n}",
)  # fmt: skip
WORDS = ("cero", "un", "dos", "tres", "cuatro")
Key = tuple[Any, ...]


@dataclass
class World:
    """Who is really there: counts by ("held", "released" or "detained", number of the bulletin, age, sex)."""

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
    """Say some of it: parts, totals, flows, counts to date, by two organisations, under several names."""
    names = [name for name in itertools.product(("all", *AGES), ("all", *SEXES)) if rng.random() < 0.6]
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
