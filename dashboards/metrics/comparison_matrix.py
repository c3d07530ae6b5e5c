"""Officials against independent organisations: which of their running totals compare,
and why the others do not.

A row is what an authority counts, a column what an organisation counts, a cell what may be said of both. What
the build compares is compared here; beyond it only a bound is said,
of two totals of one thing a few days apart.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from pipelines.core.model import TOTAL, Measure, Qualifier

ROWS: Final = {"": 4, "detained": 1, "all": 1, "promised": 1}  # officials' totals at most, of each thing
OF_ONE: Final = 2  # of one organisation and one thing at most
FIGURES: Final = 2  # a total that was told once alone is no running total
COLUMNS: Final = 4
LITTLE_DAYS: Final = 3  # so far apart two totals of one thing still give a bound
COMPARABLE: Final = "comparable"
PROMISE, PEOPLE, CAUSE, UNKNOWN_START, START, DAYS = (
    "promise", "people", "cause", "unknown_start", "start", "days",
)  # fmt: skip
REASONS: Final = (PROMISE, PEOPLE, CAUSE, UNKNOWN_START, START, DAYS)  # the first that holds is said
_SIDE: Final = (
    "organisation", "role", "measure", "population", "breakdown", "period_start", "as_of", "qualifier",
    "value", "value_high", "published", "claim",
)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """A running total of one speaker, or an announcement: its newest figure (columns of `_SIDE`)."""

    figure: dict[str, Any]
    figures: pl.DataFrame  # all of it, columns of `_SIDE`

    @property
    def start(self) -> date | None:
        """The day from which the newest figure counts; None where nobody said."""
        day: date | None = self.figure["period_start"]
        return day

    @property
    def thing(self) -> str:
        """`promised`; of those whom the amnesty covers, `detained` (they were in prison) or `all`; else
        empty.
        """
        if self.figure["measure"] == Measure.RELEASE_ANNOUNCED:
            return "promised"
        if self.figure["measure"] == Measure.RELEASED_TO_DATE:
            return ""
        return "detained" if self.figure["breakdown"] != "total" else "all"


@dataclass(frozen=True)
class MatrixCell:
    """What may be said of a row and a column: `kind` is COMPARABLE or one of REASONS.

    A comparable cell has both figures and how far apart they are, in people: `low` and `high` bounds, None
    where open; `bound` where the days lie a little apart.
    """

    kind: str
    left: dict[str, Any]
    right: dict[str, Any]
    low: int | None = None
    high: int | None = None
    bound: bool = False
    pairs: int = 1


@dataclass(frozen=True)
class Matrix:
    """Rows of officials, columns of organisations, a cell for each."""

    rows: tuple[Total, ...]
    columns: tuple[Total, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]

    @property
    def comparable(self) -> list[MatrixCell]:
        """The cells whose figures may be subtracted, the headline first."""
        return sorted(
            (cell for row in self.cells for cell in row if cell.kind == COMPARABLE),
            key=lambda cell: (
                cell.bound,
                cell.low is None or cell.low != cell.high,
                cell.left["measure"] != cell.right["measure"],
                -cell.left["value"],
            ),
        )

    @property
    def size(self) -> int:
        """How many pairings there are."""
        return len(self.rows) * len(self.columns)


@remember
def make_matrix(view: View) -> Matrix | None:
    """The matrix; None where no authority states a running total, or no organisation does."""
    since = view.situation.baseline - timedelta(days=LEAD_DAYS)
    of = (view.build, view.situation_id)
    pairs = database.read_mart(
        *of,
        "gaps",
        "as_of, left_claim, right_claim",
        known_on=view.known_on,
        equal=(("left_role", "government"),),
    ).filter(
        pl.col("as_of").is_between(since, view.today),
        pl.col("left_measure").str.ends_with("_to_date"),
        pl.col("right_measure").is_in((Measure.RELEASED_TO_DATE, Measure.FULL_FREEDOM_TO_DATE)),
    )
    roles = database.read_mart(
        *of,
        "releases_by_role",
        "as_of, published, claim",
        known_on=view.known_on,
        equal=(("breakdown", TOTAL),),
    ).filter(pl.col("as_of").is_between(since, view.today))
    verified = _list_verified(view, roles)
    officials = _list_officials(view, pairs, roles)
    if not officials or not verified:
        return None
    rows = [(row, [_judge(view, row, column, pairs) for column in verified]) for row in officials]
    chosen = _choose_rows(rows)
    return Matrix(
        tuple(row for row, _ in chosen), tuple(verified), tuple(tuple(cells) for _, cells in chosen)
    )


def _list_verified(view: View, roles: pl.DataFrame) -> list[Total]:
    """What organisations counted, by speaker and by where it starts from the baseline on: before, at,
    after.
    """
    start, tolerance = view.situation.baseline, view.situation.baseline_tolerance_days
    figures = _align(
        roles.filter(
            pl.col("stage") == "verified",
            pl.col("measure") == Measure.RELEASED_TO_DATE,
            pl.col("period_start") >= start - timedelta(days=LEAD_DAYS),
        )
    ).with_columns(
        era=pl.when((pl.col("period_start") - pl.lit(start)).dt.total_days().abs() <= tolerance)
        .then(0)
        .otherwise((pl.col("period_start") - pl.lit(start)).dt.total_days().sign())
    )
    primary = view.situation.primary_organisation
    groups = sorted(
        figures.partition_by("organisation", "era", maintain_order=True),
        key=lambda own: (own["organisation"][0] != primary, -own.height, own["era"][0]),
    )
    own = [each for each in groups if each["organisation"][0] == primary][: COLUMNS - 1]
    others = [each for each in groups if each["organisation"][0] != primary and each["era"][0] == 0]
    chosen = [*own, *others[: COLUMNS - len(own)]]
    chosen.sort(key=lambda own: (own["era"][0], own["organisation"][0] != primary))
    return [_make_total(each) for each in chosen]


def _list_officials(view: View, pairs: pl.DataFrame, roles: pl.DataFrame) -> list[Total]:
    """What authorities counted, by speaker, thing and start, and the newest announcement.

    A number that one authority is said to count from several days is read with the earliest of them: that
    claims least against it.
    """
    lefts = pairs.select(**{name: pl.col(f"left_{name}") for name in _SIDE}).unique(maintain_order=True)
    claimed = _align(
        roles.filter(pl.col("stage") == "claimed", pl.col("measure") == Measure.RELEASED_TO_DATE)
    )
    thing = ("organisation", "measure", "population", "breakdown")
    read = (
        pl.concat([lefts, claimed.select(_SIDE)])
        .unique(subset="claim", maintain_order=True)
        .filter(
            pl.col("period_start").is_null()
            | (pl.col("period_start") >= view.situation.baseline - timedelta(days=LEAD_DAYS))
        )
        .sort("as_of", "period_start", "claim", nulls_last=True)
        .unique(subset=[*thing, "as_of", "qualifier", "value"], keep="first", maintain_order=True)
    )
    groups = read.partition_by(*thing, "period_start", maintain_order=True)
    found = [_make_total(own) for own in groups if own.height >= FIGURES]
    announced = roles.filter(stage="announced")
    return [*found, *([_make_total(_align(announced).select(_SIDE))] if announced.height else [])]


def _align(figures: pl.DataFrame) -> pl.DataFrame:
    """Rows of `releases_by_role` with the columns of `_SIDE`."""
    return figures.with_columns(value_high=pl.lit(None, dtype=pl.Int64))


def _make_total(figures: pl.DataFrame) -> Total:
    exact = figures.filter(pl.col("qualifier") == Qualifier.EXACT)
    newest = (exact if exact.height else figures).sort("as_of", "value").row(-1, named=True)
    return Total(newest, figures)


def _judge(view: View, row: Total, column: Total, pairs: pl.DataFrame) -> MatrixCell:
    """What may be said of both: the pair that says most, or the first reason against every pair."""
    nothing = MatrixCell(PROMISE, row.figure, column.figure)
    if row.thing == "promised":
        return nothing
    both = pairs.join(row.figures.select(left_claim="claim"), on="left_claim", how="semi").join(
        column.figures.select(right_claim="claim"), on="right_claim", how="semi"
    )
    found = [*_list_compared(both), *_list_bounds(row, column)]
    if not found:
        return replace(nothing, kind=_find_reason(view, row, column))
    best = min(found, key=_rank_pair)
    return replace(best, pairs=len({(each.left["claim"], each.right["claim"]) for each in found}))


def _rank_pair(cell: MatrixCell) -> tuple[Any, ...]:
    """Exact figures of one day first, the least apart of them: they claim least; then the newest bound."""
    exact = cell.left["qualifier"] == cell.right["qualifier"] == Qualifier.EXACT
    apart = abs(cell.low if cell.low is not None else cell.high or 0)
    return (cell.bound or not exact, not exact, apart if not cell.bound else -cell.left["as_of"].toordinal())


def _list_compared(both: pl.DataFrame) -> list[MatrixCell]:
    """What the build compares of a row and a column."""
    known = pl.col("difference_low").is_not_null() & pl.col("difference_high").is_not_null()
    return [
        _set_apart(
            {name: pair[f"left_{name}"] for name in _SIDE},
            {name: pair[f"right_{name}"] for name in _SIDE},
            pair["difference_low"],
            pair["difference_high"],
        )
        for pair in both.filter("comparable", known).to_dicts()
    ]


def _list_bounds(row: Total, column: Total) -> list[MatrixCell]:
    """Two exact totals of one thing from one day, told at most LITTLE_DAYS apart."""
    if row.thing:
        return []
    same = ["measure", "population", "breakdown", "period_start"]
    exact = (each.figures.filter(qualifier=Qualifier.EXACT).select(_SIDE) for each in (row, column))
    met = next(exact).join(next(exact), on=same, suffix="_right")
    apart = (pl.col("as_of_right") - pl.col("as_of")).dt.total_days().abs()
    found = []
    for pair in met.filter(apart <= LITTLE_DAYS).to_dicts():
        left = {name: pair[name] for name in _SIDE}
        right = {name: pair[name if name in same else f"{name}_right"] for name in _SIDE}
        difference = left["value"] - right["value"]
        found.append(_set_apart(left, right, difference, difference))
    return found


def _set_apart(left: dict[str, Any], right: dict[str, Any], low: int | None, high: int | None) -> MatrixCell:
    """A comparable cell: a running total was no higher on an earlier day, so of two days there is a bound."""
    days = (right["as_of"] - left["as_of"]).days
    return MatrixCell(
        COMPARABLE, left, right, None if days < 0 else low, None if days > 0 else high, bound=days != 0
    )


def _find_reason(view: View, row: Total, column: Total) -> str:
    """The first of REASONS that holds; of one start and one thing only the days are left."""
    tolerance = view.situation.baseline_tolerance_days
    starts = column.figures["period_start"].to_list()
    if row.thing == "all":
        return PEOPLE
    if row.start is None:
        return CAUSE if row.thing else UNKNOWN_START
    if all(abs((start - row.start).days) > tolerance for start in starts):
        return CAUSE if row.thing else START
    return DAYS


def _choose_rows(rows: list[tuple[Total, list[MatrixCell]]]) -> list[tuple[Total, list[MatrixCell]]]:
    """The rows to show, by thing: first those with something to compare, then those with most figures."""

    def rank(each: tuple[Total, list[MatrixCell]]) -> tuple[bool, int]:
        total, cells = each
        return (all(cell.kind != COMPARABLE for cell in cells), -total.figures.height)

    kept: list[tuple[Total, list[MatrixCell]]] = []
    for thing, most in ROWS.items():
        own: list[tuple[Total, list[MatrixCell]]] = []
        for each in sorted((each for each in rows if each[0].thing == thing), key=rank):
            speaker = each[0].figure["organisation"]
            if len(own) < most and sum(total.figure["organisation"] == speaker for total, _ in own) < OF_ONE:
                own.append(each)
        kept += sorted(own, key=lambda each: -each[0].figures.height)
    return kept
