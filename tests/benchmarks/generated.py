"""A situation of any size, generated: the same seed gives the same bytes."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

ORGANISATIONS = 200
WEEKS = 600
MEASURES = ("in_custody", "released_to_date", "released", "detained", "detained_to_date", "under_measures")
BREAKDOWNS = ("total", "sex=female", "sex=male", "service=civilian", "service=military", "age=adolescent")
QUALIFIERS = ("exact", "exact", "exact", "exact", "exact", "more_than", "at_least", "about")


def write_situation(root: Path, name: str = "generated", organisations: int = ORGANISATIONS) -> Path:
    """The settings of a situation with so many organisations; returns its folder."""
    folder = root / name
    (folder / "transcriptions").mkdir(parents=True)
    words = 'es = "generada", en = "generated"'
    (folder / "situation.toml").write_text(
        f"""id = "{name}"
timezone = "America/Caracas"
baseline = 2014-01-01
primary_organisation = "organisation_000"
default_population = "held"
name = {{ {words} }}
summary = {{ {words} }}
baseline_text = {{ {words} }}
[populations]
held = {{ {words} }}
[breakdown_values]
sex = ["female", "male"]
service = ["civilian", "military"]
age = ["adolescent"]
""",
        encoding="utf-8",
    )
    (folder / "organisations.toml").write_text(
        "\n".join(
            f'[[organisation]]\nid = "organisation_{n:03}"\nname = "Organisation {n}"\n'
            'role = "ngo"\nrhythm_days = 7\n'
            for n in range(organisations)
        ),
        encoding="utf-8",
    )
    return folder


def figures(rows: int, seed: int = 1, first: int = 0) -> pl.DataFrame:
    """A transcription sheet of `rows` figures: weekly moments, some late publications, some bounds.

    Of 200 organisations, numbered from `first` on.

    The first organisation states its two totals in the same 600 weeks whatever the size, so that a page about
    it draws the same chart over ten thousand figures as over a million.
    """
    rng = np.random.default_rng(seed)
    measure = rng.integers(0, len(MEASURES), rows)
    week = rng.integers(0, WEEKS, rows)
    organisation = rng.integers(1, ORGANISATIONS, rows)
    breakdown = rng.integers(0, len(BREAKDOWNS), rows)
    for number, kind in enumerate((0, 1)):  # held, and released since the baseline
        own = slice(number * WEEKS, (number + 1) * WEEKS)
        organisation[own], measure[own], breakdown[own], week[own] = 0, kind, 0, np.arange(WEEKS)
    as_of = np.datetime64(date(2014, 1, 6)) + 7 * week
    published = as_of + rng.integers(0, 6, rows)
    windowed = measure > 0
    start = np.where(np.isin(measure, [2, 3]), as_of - 7, np.full(rows, np.datetime64(date(2014, 1, 1))))
    level = 300 + 2 * week + rng.integers(0, 40, rows)
    return pl.DataFrame(
        {
            "organisation": [f"organisation_{first + n:03}" for n in organisation.tolist()],
            "measure": [MEASURES[n] for n in measure.tolist()],
            "breakdown": [BREAKDOWNS[n] for n in breakdown.tolist()],
            "qualifier": [QUALIFIERS[n] for n in rng.integers(0, len(QUALIFIERS), rows).tolist()],
            "value": level,
            "value_high": pl.Series([None] * rows, dtype=pl.Int64),
            "period_start": pl.Series(start).set(pl.Series(~windowed), None),
            "as_of": as_of,
            "as_of_basis": ["stated"] * rows,
            "published": published,
            "published_basis": ["stated"] * rows,
            "publisher": [f"Outlet {n}" for n in rng.integers(0, 40, rows).tolist()],
            "provenance": ["press"] * rows,
            "url": [f"https://outlet.example/reports/{n}" for n in rng.integers(0, rows, rows).tolist()],
            "note": pl.Series([None] * rows, dtype=pl.String),
        }
    )


def divided(organisations: int, weeks: int = 40) -> pl.DataFrame:
    """A sheet in which each organisation divides its stock by two keys a week: two tables, two charts."""
    days = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks)]
    rows = [
        {
            "organisation": f"organisation_{number:03}",
            "measure": "in_custody",
            "breakdown": breakdown,
            "qualifier": "exact",
            "value": value,
            "value_high": None,
            "period_start": None,
            "as_of": day,
            "as_of_basis": "stated",
            "published": day,
            "published_basis": "stated",
            "publisher": f"Outlet {number}",
            "provenance": "press",
            "url": f"https://outlet.example/{number}/{week}",
            "note": None,
        }
        for number in range(organisations)
        for week, day in enumerate(days)
        for whole in (900 + number - week,)
        for breakdown, value in zip(
            BREAKDOWNS[:5],
            (whole, whole // 4, whole - whole // 4, whole // 5, whole - whole // 5),
            strict=True,
        )
    ]
    return pl.DataFrame(rows, schema_overrides={"value_high": pl.Int64, "period_start": pl.Date})
