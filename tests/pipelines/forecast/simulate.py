"""Release processes with known laws, and the statements that an organisation would have made about them.

A law gives the true people in custody and the true releases of every day; reporting turns them into rows
with the columns of a batch file. Everything follows from the seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Days = NDArray[np.float64]
START: Final = date(2025, 1, 6)
AHEAD: Final = 120  # days of truth beyond the last statement


@dataclass(frozen=True)
class World:
    """Daily truth from `START`: people in custody at the end of each day, releases and detentions so far."""

    stock: NDArray[np.int64]
    released: NDArray[np.int64]
    detained: NDArray[np.int64]

    def truth(self, target: str, day: date) -> int:
        """The true value of `stock` or `cumulative` at the end of `day`."""
        values = self.stock if target == "stock" else self.released
        return int(values[(day - START).days])


@dataclass(frozen=True)
class Rates:
    """Expected releases and detentions of each day, and how much more than Poisson they scatter."""

    releases: Days
    detentions: Days
    shape: float  # of the daily gamma noise: infinite is Poisson


def constant(rng: np.random.Generator, days: int, initial: int) -> Rates:
    """The same pace all along."""
    pace = initial * rng.uniform(0.15, 0.8) / days
    return Rates(np.full(days, pace), np.full(days, pace * rng.choice([0, 0.1, 0.3])), _shape(rng))


def waves(rng: np.random.Generator, days: int, initial: int) -> Rates:
    """A trickle, broken by waves whose start, length and size are random."""
    trickle = initial * rng.uniform(0.0, 0.3) / days
    releases = np.full(days, trickle)
    gap = rng.uniform(20, 70)
    length = rng.uniform(2, 16)
    size = initial * rng.uniform(0.02, 0.12)
    day = rng.exponential(gap)
    while day < days:
        span = max(1, round(rng.gamma(3, length / 3)))
        releases[int(day) : int(day) + span] += size * rng.gamma(2, 0.5) / span
        day += span + rng.exponential(gap)
    return Rates(releases, np.full(days, trickle * rng.uniform(0, 1)), _shape(rng))


def slowing(rng: np.random.Generator, days: int, initial: int) -> Rates:
    """A pace that halves again and again."""
    half_life = rng.uniform(20, 120)
    decay = np.exp2(-np.arange(days) / half_life)
    releases = initial * rng.uniform(0.3, 0.85) * decay / decay.sum()
    return Rates(releases, np.full(days, releases[-1] * rng.choice([0, 0.5])), _shape(rng))


def stopped(rng: np.random.Generator, days: int, initial: int) -> Rates:
    """A steady pace that ends for good on a random day."""
    pace = initial * rng.uniform(0.2, 0.8) / days
    releases = np.full(days, pace)
    releases[int(days * rng.uniform(0.25, 0.9)) :] = 0
    return Rates(releases, np.full(days, pace * rng.choice([0, 0.1, 0.3])), _shape(rng))


def revolving_door(rng: np.random.Generator, days: int, initial: int) -> Rates:
    """About as many people come in as go out."""
    pace = initial * rng.uniform(0.1, 0.8) / days
    return Rates(np.full(days, pace), np.full(days, pace * rng.uniform(0.7, 1.3)), _shape(rng))


LAWS: Final[dict[str, Callable[[np.random.Generator, int, int], Rates]]] = {
    "constant": constant,
    "waves": waves,
    "slowing": slowing,
    "stopped": stopped,
    "revolving_door": revolving_door,
}


def _shape(rng: np.random.Generator) -> float:
    return float(rng.choice([0.3, 1.0, 4.0, np.inf]))


def live(rates: Rates, initial: int, rng: np.random.Generator) -> World:
    """Draw the days. Nobody leaves who is not there."""
    days = rates.releases.size
    noise = (
        np.ones((2, days)) if np.isinf(rates.shape) else rng.gamma(rates.shape, 1 / rates.shape, (2, days))
    )
    wanted = rng.poisson(rates.releases * noise[0])
    detained = rng.poisson(rates.detentions * noise[1])
    stock, released = np.empty(days, np.int64), np.empty(days, np.int64)
    held, out = initial, 0
    for day in range(days):
        held += int(detained[day])
        leaving = min(held, int(wanted[day]))
        held, out = held - leaving, out + leaving
        stock[day], released[day] = held, out
    return World(stock, released, np.cumsum(detained).astype(np.int64))


def report(
    world: World, rng: np.random.Generator, *, statements: int, irregular: bool, kinds: tuple[str, ...]
) -> pl.DataFrame:
    """The statements made about a world: weekly and prompt, or irregular, late, hedged and with gaps."""
    gaps = np.full(statements, 7)
    if irregular:
        gaps = 1 + rng.geometric(1 / rng.uniform(4, 16), statements)
    days = 7 + np.cumsum(gaps) - gaps[0]
    days = days[days < world.stock.size - AHEAD]
    lags = np.minimum(rng.geometric(1 / rng.uniform(1.2, 7), days.size) - 1, 21) if irregular else 0 * days
    rows: list[tuple[date, date, str, int, str, date | None]] = []
    before = 0
    for day, lag in zip(days.tolist(), lags.tolist(), strict=True):
        as_of = START + timedelta(days=day)
        published = as_of + timedelta(days=lag)
        for kind in kinds:
            if kind == "flow":
                if not irregular or rng.random() < 0.7:
                    value = int(world.detained[day] - world.detained[before])
                    rows.append((as_of, published, kind, value, "exact", START + timedelta(days=before + 1)))
                continue
            value, qualifier = int((world.stock if kind == "stock" else world.released)[day]), "exact"
            if irregular and rng.random() < 0.25:
                value, qualifier = _hedge(value, rng)
            rows.append((as_of, published, kind, value, qualifier, START if kind == "cumulative" else None))
        before = day
    schema = {
        "as_of": pl.Date,
        "published": pl.Date,
        "kind": pl.String,
        "value": pl.Int64,
        "qualifier": pl.String,
        "period_start": pl.Date,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _hedge(value: int, rng: np.random.Generator) -> tuple[int, str]:
    unit = 50 if value > 600 else 10
    if rng.random() < 0.5:
        return round(value / unit) * unit, "about"
    return value // unit * unit, "at_least"


@dataclass(frozen=True)
class Case:
    """One simulated series, with its law's name and its truth."""

    law: str
    rows: pl.DataFrame
    world: World


def simulate(law: str, seed: int, *, irregular: bool | None = None) -> Case:
    """One series under `law`. `irregular_late` is any of the laws, reported irregularly and late."""
    rng = np.random.default_rng([seed, *law.encode()])
    name = law if law in LAWS else str(rng.choice(["constant", "waves", "slowing"]))
    if irregular is None:
        irregular = law not in LAWS
    initial = int(np.exp(rng.uniform(np.log(300), np.log(3000))))
    statements = int(rng.integers(10, 61))
    days = 7 * statements + 8 + AHEAD
    world = live(LAWS[name](rng, days, initial), initial, rng)
    kinds = [("stock", "cumulative", "flow"), ("stock", "cumulative"), ("stock",), ("cumulative",)]
    chosen = kinds[int(rng.choice(4, p=[0.55, 0.15, 0.15, 0.15]))]
    return Case(law, report(world, rng, statements=statements, irregular=irregular, kinds=chosen), world)


def origins(case: Case, count: int, seed: int) -> list[date]:
    """Days on which somebody looks ahead: from the eighth statement on, the last one always among them."""
    days = case.rows["published"].unique().sort().to_list()[7:]
    rng = np.random.default_rng(seed)
    picked = {days[-1], *(days[i] for i in rng.integers(0, len(days), count - 1).tolist())} if days else set()
    return sorted(day + timedelta(days=int(rng.integers(0, 6))) for day in sorted(picked))
