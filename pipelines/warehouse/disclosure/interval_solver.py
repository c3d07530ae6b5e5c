"""What intervals are left of withheld cells once everything that adds up is solved for.

Known to an attacker: parts of one key stay within their whole, and two halves (or, as anyone would presume,
the facilities of one bulletin) make it up; what one organisation counts of one part in a window is a
difference of two days; and a count to date never falls. Bounds are narrowed until nothing moves.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

CELL: Final = pl.Schema(
    {
        "situation": pl.String,
        "organisation": pl.String,
        "measure": pl.String,
        "kind": pl.String,
        "population": pl.String,
        "breakdown": pl.String,
        "period_start": pl.Date,
        "as_of": pl.Date,
        "low": pl.Float64,
        "high": pl.Float64,
        "suppressed": pl.Boolean,
        "fewer_than": pl.Int64,
        "claim_id": pl.String,
        "small_cell": pl.Int64,
    }
)


class Cell(NamedTuple):
    """What one cell is of: all statements that are equal in this are statements of it."""

    situation: str
    organisation: str
    measure: str
    kind: str
    population: str
    breakdown: str
    period_start: date | None
    as_of: date | None


NAMED: Final = Cell._fields
HALVES: Final = {
    "age": {"age=adolescent", "age=adult"},
    "sex": {"sex=female", "sex=male"},
    "service": {"service=civilian", "service=military"},
    "sentenced": {"sentenced=no", "sentenced=yes"},
}
APART: Final = (*HALVES, "facility")  # keys whose parts do not overlap
GUARDED: Final = r"(^|;)(age|health|facility|group)="
SENSITIVE: Final = r"(^|;)(age=|health=|facility=|group=[^;]*(illness|disab|pregnan))"  # without adults
ADULTS: Final = r"(^|;)age=(adult|over_[^;]*)(;|$)"
MOST_ROUNDS: Final = 12
MOST_DAYS: Final = 60  # of one thing that are solved together; more are cut into stretches
Floats = NDArray[np.float64]
NarrowedCell = tuple[str, Cell, float, float]  # how, the cell, and the interval left of it


def solve(cells: pl.DataFrame) -> Iterator[NarrowedCell]:
    """Withheld cells whose interval is narrower than `fewer than the threshold` says, and small changes.

    `cells` has the shape of CELL, one row a statement.
    """
    known = _merge_cells(cells)
    low, high = known["low"].to_numpy(), known["high"].to_numpy()
    groups = list(_find_sums(known))
    sums = [_Sum(*row) for row in groups]
    things = _group_windows(known, {cell for _, whole, parts, _ in groups for cell in (whole, *parts)})
    guarded = known["breakdown"].str.contains(GUARDED).to_numpy()
    totals_alone = _narrow(np.where(guarded, 0.0, low), np.where(guarded, np.inf, high), sums, things)
    low, high = _narrow(low.copy(), high.copy(), sums, things)
    yield from _find_narrowed(known, low, high, totals_alone[1])
    for edges in things:
        yield from _find_small_changes(known, edges, low, high, totals_alone)


def _narrow(low: Floats, high: Floats, sums: list["_Sum"], things: list["_Windows"]) -> tuple[Floats, Floats]:
    """Narrow the bounds in place until nothing moves; returns them."""
    for _ in range(MOST_ROUNDS):
        before = low.copy(), high.copy()
        for each in sums:
            each.narrow(low, high)
        for edges in things:
            edges.narrow(low, high)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _merge_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """One row a cell: the interval that all its statements leave, and whether any of them is withheld."""
    shown = ~pl.col("suppressed")
    found = cells.group_by(NAMED).agg(
        suppressed=pl.col("suppressed").any(),
        labelled=pl.col("fewer_than").is_not_null().any(),
        small_cell=pl.col("small_cell").max(),
        low=pl.when(shown).then(pl.col("low").fill_null(0.0)).min(),
        high=pl.when(shown).then(pl.col("high").fill_null(np.inf)).max(),
    )
    most = pl.when("labelled").then(pl.col("small_cell") - 1.0).otherwise(np.inf)
    return (
        found.sort(NAMED)
        .with_columns(
            low=pl.col("low").fill_null(0.0),
            high=pl.col("high").fill_null(most),
            sensitive=pl.col("breakdown").str.replace_all(ADULTS, ";").str.contains(SENSITIVE),
        )
        .with_row_index("cell")
    )


class _Sum:
    """Parts under one key and the whole they belong to."""

    def __init__(self, key: str, whole: int, parts: list[int], names: list[str]) -> None:
        self.whole, self.parts = whole, np.array(parts)
        self.apart = key in APART and not any(name.startswith("age=over_") for name in names)
        halves = HALVES.get(key)
        self.complete = self.apart and (set(names) == halves if halves else len(names) > 1)

    def narrow(self, low: Floats, high: Floats) -> None:
        """Narrow in place; what contradicts itself tells nothing."""
        least, most = low[self.parts], high[self.parts]
        if not self.apart:
            if (least <= high[self.whole]).all():
                high[self.parts] = np.minimum(most, high[self.whole])
            return
        if least.sum() > high[self.whole] or (self.complete and most.sum() < low[self.whole]):
            return
        high[self.parts] = np.minimum(most, high[self.whole] - (least.sum() - least))
        low[self.whole] = max(low[self.whole], least.sum())
        if self.complete:
            high[self.whole] = min(high[self.whole], most.sum())
            open_ = np.isinf(most)
            others = np.where(open_.sum() - open_ > 0, np.inf, most[~open_].sum() - np.where(open_, 0, most))
            low[self.parts] = np.maximum(least, low[self.whole] - others)


def _find_sums(known: pl.DataFrame) -> Iterator[tuple[str, int, list[int], list[str]]]:
    """key, whole, parts and their names, of every whole that has a withheld part."""
    breakdowns = known["breakdown"].unique().to_list()
    spelled = [
        {"breakdown": each, "part": part, "key": part.split("=")[0], "above": _drop_part(each, part)}
        for each in breakdowns
        if each != "total"
        for part in each.split(";")
    ]
    if not spelled:
        return
    at = [name for name in NAMED if name != "breakdown"]
    parts = known.join(pl.DataFrame(spelled), on="breakdown")
    wholes = known.select(*at, pl.col("breakdown").alias("above"), pl.col("cell").alias("whole"))
    groups = (
        parts.join(wholes, on=[*at, "above"], nulls_equal=True)
        .group_by("whole", "key")
        .agg(pl.col("cell").sort_by("part"), pl.col("part").sort(), pl.col("suppressed").any())
        .filter("suppressed")
        .sort("whole", "key")
    )
    for whole, key, members, names, _ in groups.iter_rows():
        yield key, whole, members, names


def _drop_part(breakdown: str, part: str) -> str:
    return ";".join(each for each in breakdown.split(";") if each != part) or "total"


class _Windows:
    """Windows of one organisation's count of one part: differences of two days that never fall."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.cells = np.array([row["cell"] for row in rows])
        starts, ends = [row["starts"] for row in rows], [row["ends"] for row in rows]
        self.days = sorted({*starts, *ends})
        place = {day: number for number, day in enumerate(self.days)}
        self.starts, self.ends = np.array([place[d] for d in starts]), np.array([place[d] for d in ends])
        self.kinds = [row["kind"] for row in rows]

    def distances(self, low: Floats, high: Floats) -> Floats | None:
        """[a, b]: the most that can lie between day a and day b; None where the windows contradict."""
        count = len(self.days)
        most = np.full((count, count), np.inf)
        most[np.tril_indices(count)] = 0.0
        np.minimum.at(most, (self.starts, self.ends), high[self.cells])
        np.minimum.at(most, (self.ends, self.starts), -low[self.cells])
        for middle in range(count):
            np.minimum(most, most[:, middle, None] + most[None, middle, :], out=most)
        return None if (np.diagonal(most) < 0).any() else most

    def narrow(self, low: Floats, high: Floats) -> None:
        """Narrow in place."""
        most = self.distances(low, high)
        if most is not None:
            high[self.cells] = np.minimum(high[self.cells], most[self.starts, self.ends])
            low[self.cells] = np.maximum(low[self.cells], -most[self.ends, self.starts])


def _group_windows(known: pl.DataFrame, in_sums: set[int]) -> list[_Windows]:
    """Flows and cumulatives of one part by one organisation, where more than one window is stated.

    Only those about children, health or a facility, those that a withheld cell is among, and those that a sum
    with a withheld part needs (`in_sums`).
    """
    family = pl.col("measure").str.replace("_to_date", "")
    own = ["situation", "organisation", "family", "population", "breakdown"]
    day = pl.col("as_of").cast(pl.Int64)
    start = pl.col("period_start").cast(pl.Int64)
    rows = (
        known.filter(pl.col("kind").is_in(["flow", "cumulative"]), pl.col("as_of").is_not_null())
        .filter((pl.col("kind") == "cumulative") | pl.col("period_start").is_not_null())
        .filter(pl.col("breakdown") != "total")
        .with_columns(
            family=family,
            ends=day,
            starts=pl.when(pl.col("kind") == "flow")
            .then(pl.min_horizontal(start, day - 1))
            .otherwise(pl.min_horizontal(start.fill_null(-1_000_000), day)),
        )
        .filter(
            pl.len().over(own) > 1,
            (pl.col("suppressed") | pl.col("cell").is_in(in_sums) | pl.col("sensitive")).any().over(own),
            pl.col("starts") < pl.col("ends"),
        )
        .sort(*own, "ends", "starts", "cell")
        .select(*own, "cell", "kind", "starts", "ends")
    )
    found = []
    for _, group in rows.group_by(own, maintain_order=True):
        members = group.to_dicts()
        found += [_Windows(members[n : n + MOST_DAYS]) for n in range(0, len(members), MOST_DAYS)]
    return found


def _is_giveaway(least: float, most: float, band: float, fewer_than: int) -> bool:
    """Whether an interval says more than `fewer than`, and more than the totals say by themselves."""
    return most < min(fewer_than - 1, band) or (least > 1 and most < fewer_than)


def _make_cell(row: Mapping[str, Any]) -> Cell:
    return Cell(*(row[name] for name in NAMED))


def _find_narrowed(known: pl.DataFrame, low: Floats, high: Floats, band: Floats) -> Iterator[NarrowedCell]:
    for row in known.filter("suppressed").iter_rows(named=True):
        if row["sensitive"]:
            least, most = float(low[row["cell"]]), float(high[row["cell"]])
            if _is_giveaway(least, most, band[row["cell"]], row["small_cell"]):
                yield "sums and differences", _make_cell(row), least, most


def _find_small_changes(
    known: pl.DataFrame, edges: _Windows, low: Floats, high: Floats, totals_alone: tuple[Floats, Floats]
) -> Iterator[NarrowedCell]:
    """Between two days of one cumulative: fewer came or went than the threshold, and that can be had."""
    row = known.row(int(edges.cells[0]), named=True)
    most, band = edges.distances(low, high), edges.distances(*totals_alone)
    if not row["sensitive"] or most is None or band is None:
        return
    lines = zip(edges.starts, edges.ends, edges.kinds, strict=True)
    stated = sorted({(s, e) for s, e, kind in lines if kind == "cumulative"})
    for (start, one), (other, two) in pairwise(stated):
        least = max(0.0, float(-most[two, one]))
        if start == other and _is_giveaway(least, float(most[one, two]), band[one, two], row["small_cell"]):
            yield "change of a count to date", _make_cell(row), least, float(most[one, two])
