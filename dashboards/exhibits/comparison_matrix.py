"""Officials against independent organisations in words: the whole matrix as a table and for a page, and as a
picture the pairs that compare, the others counted.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from dashboards.charts.compared_totals import ComparedPair, ComparedSide, draw_compared
from dashboards.charts.theme import INK, choose_look
from dashboards.exhibits import comparisons
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.figures_over_time import choose_slot
from dashboards.i18n.rich_text import Link
from dashboards.metrics.comparison_matrix import (
    COMPARABLE,
    LITTLE_DAYS,
    Matrix,
    MatrixCell,
    Total,
    make_matrix,
)
from dashboards.queries import claim_rows
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import labels
from dashboards.text.organisations import name_short, name_subject
from dashboards.text.statement_sentences import compose_source


@dataclass(frozen=True)
class Box:
    """One cell: its kind, the reason or result in a few words, the values, the claim behind it."""

    kind: str
    head: str
    line: str
    claim_id: str


@dataclass(frozen=True)
class Label:
    """A row's or a column's name, what it counts, and its colour."""

    name: str
    told: str
    colour: str = INK


@dataclass(frozen=True)
class MatrixWords:
    """The matrix as a page writes it: `links` leads from each comparable cell's two figures to their
    claims.
    """

    caption: str
    corner: str
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]
    boxes: tuple[tuple[Box, ...], ...]
    links: dict[tuple[int, int], tuple[Link, Link]]  # row and column of a box → both figures


@remember
def make_matrix_exhibit(view: View) -> Exhibit:
    """What compares and what does not, as a picture and a table; the CSV holds the pairs that do not
    compare.
    """
    words, matrix = view.words, make_matrix(view)
    name = f"{view.situation_id}-not-comparable"
    if matrix is None:
        nothing = words("matrix.none")
        return Exhibit(name, words("matrix.title_none"), nothing, "")
    told = write_matrix(view, matrix)
    fact, count = _compose_fact(view, matrix), compose_count(view, matrix)
    draw = None
    if matrix.comparable:
        notes = [_tell_others(view, matrix), " ".join(_explain_differences(view, matrix))]
        draw = partial(draw_compared, _make_pairs(view, matrix), notes)
    claims = claim_rows.find_claims(
        view,
        [total.figure["claim"] for total in (*matrix.rows, *matrix.columns)]
        + [side["claim"] for cell in matrix.comparable for side in (cell.left, cell.right)],
    )
    return Exhibit(
        name=name,
        title=fact or count,
        subtitle=f"{count}. {words('matrix.subtitle')}" if fact else words("matrix.subtitle"),
        brief=words("matrix.brief"),
        summary=compose_headline(view, matrix),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        figure=None if draw is None else draw(),
        narrow=None if draw is None else draw(PHONE, 0),
        fit=draw,
        heads=(words("matrix.officials"), *(f"{each.name}: {each.told}" for each in told.columns)),
        rows=tuple(
            ([row.name, row.told], *([box.head, box.line] for box in cells))
            for row, cells in zip(told.rows, told.boxes, strict=True)
        ),
        numeric=(),
        key=_explain_differences(view, matrix),
        columns=comparisons.CSV_COLUMNS,
        whole=lambda: comparisons.read_pairs(view, False, None),
    )


def _explain_differences(view: View, matrix: Matrix) -> tuple[str, ...]:
    """Who computed the differences, and why one is “or more” or “or fewer”, where one is."""
    words = view.words
    if not matrix.comparable:
        return ()
    bounded = any(cell.bound for cell in matrix.comparable)
    bound = (words("matrix.key_bound", days=words.days(LITTLE_DAYS)),) if bounded else ()
    return (words("matrix.computed"), *bound)


def _tell_others(view: View, matrix: Matrix) -> str:
    """How many pairs are not subtracted; the page says of each why."""
    others = matrix.size - len(matrix.comparable)
    return view.words.plural("matrix.others", others) if others else ""


def _make_pairs(view: View, matrix: Matrix) -> list[ComparedPair]:
    """The pairs that compare in time order; where not all have room the ones that say most stay."""
    ranked = [_make_pair(view, cell, rank) for rank, cell in enumerate(matrix.comparable)]
    days = [max(cell.left["as_of"], cell.right["as_of"]) for cell in matrix.comparable]
    return [pair for _, pair in sorted(zip(days, ranked, strict=True), key=lambda each: each[0])]


def _make_pair(view: View, cell: MatrixCell, rank: int) -> ComparedPair:
    """A pair that compares: its days, its start, both totals, how far apart they are."""
    words, (left, right) = view.words, (cell.left, cell.right)
    start, days = left["period_start"], sorted((left["as_of"], right["as_of"]))
    last = words.short_day(days[1])
    return ComparedPair(
        words("matrix.two_days", day=words.tick(days[0], "MMMd"), other=last) if cell.bound else last,
        words("window.since", day=words.short_day(start)) if start else "",
        (_make_side(view, left, cell.bound), _make_side(view, right, cell.bound)),
        _tell_size(view, cell),
        cell.bound,
        rank,
    )


def _make_side(view: View, side: dict[str, Any], dated: bool) -> ComparedSide:
    """One total; with its day where the other has another."""
    name = name_short(view, side["organisation"])
    look = choose_look(choose_slot(view, side["organisation"], side["measure"]))
    told = f"{name}, {_tell_short(view, side['as_of'])}" if dated else name
    return ComparedSide(side["value"], _tell_amount(view, side), told, look, side["claim"])


def compose_count(view: View, matrix: Matrix) -> str:
    """How many pairings compare, and how many there are."""
    words, found = view.words, len(matrix.comparable)
    if not found:
        return words("matrix.title_none")
    return words.plural("matrix.title", found, all=words.number(matrix.size))


def _compose_fact(view: View, matrix: Matrix) -> str:
    """How many more officials counted than were verified, of the first pair; empty where that is a bound."""
    words = view.words
    if not matrix.comparable:
        return ""
    cell = matrix.comparable[0]
    if cell.bound or cell.low != cell.high or cell.low is None or cell.low <= 0:
        return ""
    return words.plural(
        "matrix.fact",
        cell.low,
        day=words.day(cell.left["as_of"]),
        official=name_subject(view, cell.left["organisation"]),
        apart=words.number(cell.low),
        verifier=name_subject(view, cell.right["organisation"]),
    )


def compose_headline(view: View, matrix: Matrix) -> str:
    """The pair that compares, as a sentence: who said how many, who had verified how many."""
    words = view.words
    if not matrix.comparable:
        return words("matrix.nothing_compares")
    cell = matrix.comparable[0]
    start = cell.left["period_start"]
    return words.plural(
        "matrix.headline_bound" if cell.bound else "matrix.headline",
        cell.left["value_high"] or cell.left["value"],
        official=name_subject(view, cell.left["organisation"]),
        claimed=_tell_amount(view, cell.left),
        verifier=name_subject(view, cell.right["organisation"]),
        verified=_tell_amount(view, cell.right),
        day=words.day(cell.left["as_of"]),
        other_day=words.day(cell.right["as_of"]),
        start=words.day(start),
    )


def write_matrix(view: View, matrix: Matrix) -> MatrixWords:
    """Every label and cell in words."""
    words = view.words
    boxes = tuple(
        tuple(
            _write_cell(view, row, column, cell) for column, cell in zip(matrix.columns, cells, strict=True)
        )
        for row, cells in zip(matrix.rows, matrix.cells, strict=True)
    )
    links = {
        (number, place): (_link(view, cell.left), _link(view, cell.right))
        for number, cells in enumerate(matrix.cells)
        for place, cell in enumerate(cells)
        if cell.kind == COMPARABLE
    }
    return MatrixWords(
        caption=compose_count(view, matrix),
        corner=words("matrix.officials"),
        columns=tuple(_name_column(view, each) for each in matrix.columns),
        rows=tuple(
            Label(view.names[each.figure["organisation"]], _tell_total(view, each)) for each in matrix.rows
        ),
        boxes=boxes,
        links=links,
    )


def _link(view: View, side: dict[str, Any]) -> Link:
    return Link(_tell_amount(view, side), make_claim_address(view, side["claim"]), outside=False)


def _name_column(view: View, column: Total) -> Label:
    figure, words = column.figure, view.words
    colour = choose_look(choose_slot(view, figure["organisation"], figure["measure"])).colour
    if len(set(column.figures["period_start"])) > 1:
        told = words("matrix.before", day=_tell_short(view, view.situation.baseline))
    else:
        told = _tell_total(view, column)
    return Label(view.names[figure["organisation"]], told, colour)


def _tell_total(view: View, total: Total) -> str:
    """The newest figure of a running total, what it counts, and from when."""
    words = view.words
    if total.thing == "promised":
        return words(
            "matrix.total_promised",
            amount=_tell_amount(view, total.figure),
            day=_tell_short(view, labels.find_announced(total.figure)),
        )
    if total.thing:
        return words(f"matrix.total_{total.thing}", amount=_tell_amount(view, total.figure))
    key = "matrix.total_unknown" if total.start is None else "matrix.total"
    start = "" if total.start is None else _tell_short(view, total.start)
    return words(key, amount=_tell_amount(view, total.figure), start=start)


def _write_cell(view: View, row: Total, column: Total, cell: MatrixCell) -> Box:
    """The kind of reason, then what differs; of what compares both figures, how far apart, and their days."""
    words = view.words
    claim = cell.left["claim"]
    if cell.kind == COMPARABLE:
        key = "matrix.days_bound" if cell.bound else "matrix.days_same"
        line = words(
            key,
            day=_tell_short(view, cell.left["as_of"]),
            other=_tell_short(view, cell.right["as_of"]),
            start=_tell_short(view, cell.left["period_start"]),
        )
        return Box(cell.kind, _tell_apart(view, cell), line, claim)
    several = len(set(column.figures["period_start"])) > 1
    line = words(
        f"matrix.line_{cell.kind}" + ("_several" if several and cell.kind.endswith("start") else ""),
        amount=_tell_amount(view, row.figure),
        start="" if row.start is None else _tell_short(view, row.start),
        other=_tell_short(view, view.situation.baseline if several else column.start or view.today),
    )
    return Box(cell.kind, words(f"matrix.reason_{cell.kind}"), line, claim)


def _tell_apart(view: View, cell: MatrixCell) -> str:
    """626 and 269: 357 apart; a bound where the days differ or a figure is one."""
    both = {"left": _tell_amount(view, cell.left), "right": _tell_amount(view, cell.right)}
    return view.words("matrix.both_apart", apart=_tell_size(view, cell), **both)


def _tell_size(view: View, cell: MatrixCell) -> str:
    """How far apart both are, as far as it is known."""
    words, (low, high) = view.words, _order_bounds(cell.low, cell.high)
    if high is None:
        if low is None or low < 0:
            return words("matrix.apart_unknown")
        return words("matrix.apart_or_more", amount=words.number(low))
    if low is None or low < 0:
        return words("matrix.apart_or_fewer", amount=words.number(high))
    several = words("gaps.range", low=words.number(low), high=words.number(high))
    return words("matrix.apart", amount=words.number(low) if low == high else several)


def _order_bounds(low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """The bounds of how far apart, whichever side says more."""
    if high is not None and high <= 0 and (low is None or low < 0):
        return -high, None if low is None else -low
    return low, high


def _tell_amount(view: View, side: dict[str, Any]) -> str:
    return view.words.amount(side["qualifier"], side["value"], side["value_high"])


def _tell_short(view: View, day: date) -> str:
    return view.words.tick(day, "MMMd")
