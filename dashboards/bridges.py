"""Bridges: from one statement of a stock to the next, what the reported flows explain and what they leave."""

from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries, sides
from dashboards.charts.bridge import Step, bridge
from dashboards.exhibits import Exhibit
from dashboards.markup import Cell
from dashboards.sentences import source_line
from dashboards.view import View

ORDER: Final = "as_of DESC, days, organisation, population, opening_basis"
FLOWS: Final = ("released", "detained", "reported_late", "deaths")
INWARD: Final = frozenset({"detained", "reported_late"})
OFFERED: Final = 200  # ways that the page offers
OFFERED_ORDER: Final = "refused IS NOT NULL, len(missing), " + ORDER
CSV_COLUMNS: Final = (
    "organisation", "population", "opening_as_of", "as_of", "days", "opening", "opening_basis",
    "opening_claim", "released_low", "released_high", "released_basis", "detained_low", "detained_high",
    "detained_basis", "reported_late_low", "reported_late_high", "deaths_low", "deaths_high", "closing",
    "closing_claim", "change", "residual_low", "residual_high", "unexplained", "missing", "fell",
    "complete", "refused", "flow_claims",
)  # fmt: skip


def ways(view: View) -> list[str]:
    """Ways on which something was reported, as the address names them; those that can be computed first."""
    primary = view.situation.primary_organisation
    reported = [row for row in _offered(view) if not {"released", "detained"} <= set(row["missing"])]
    return [
        _id(row)
        for row in sorted(
            reported, key=lambda row: (row["refused"] is not None, row["organisation"] != primary)
        )
    ]


def label(view: View, way: str) -> str:
    """One way as a choice."""
    row = _row(view, way)
    words = view.words
    return words(
        "bridge.way_label",
        organisation=view.names[row["organisation"]],
        opening=words.short_day(row["opening_as_of"]),
        closing=words.short_day(row["as_of"]),
    )


@lru_cache(maxsize=64)
def exhibit(view: View, way: str) -> Exhibit:
    """One way as a bridge, in words and as a table; the CSV holds every way."""
    words, row = view.words, _row(view, way)
    ids = [row["opening_claim"], row["closing_claim"], *(row["flow_claims"] or [])]
    steps = _steps(view, row)
    return Exhibit(
        name=f"{view.situation_id}-reconciliation",
        title=words("bridge.title"),
        summary=sentence(view, row),
        source=source_line(view, sides.frame_of(sides.claims_of(view, ids))),
        figure=None if row["refused"] == "break" else bridge(steps, words.separators, words("bridge.unit")),
        whole=lambda: _newest(view, None),
        heads=(words("table.step"), words("table.change")),
        rows=tuple((step.label, step.text) for step in steps),
        numeric=(),
        columns=CSV_COLUMNS,
    )


def sentence(view: View, row: dict[str, Any]) -> str:
    """A way in words: both stocks, what was reported, what was not, what stays open."""
    words = view.words
    told = [
        words(
            "bridge.sentence",
            organisation=view.names[row["organisation"]],
            opening=words.plural("amount.people", row["opening"], amount=words.number(row["opening"])),
            closing=words.plural("amount.people", row["closing"], amount=words.number(row["closing"])),
            opening_day=words.day(row["opening_as_of"]),
            closing_day=words.day(row["as_of"]),
        )
    ]
    stated = [flow for flow in FLOWS if flow not in row["missing"]]
    if stated:
        flows = [
            words(
                "bridge.flow",
                name=sides.in_sentence(words(f"bridge.{flow}")),
                amount=_amount(view, row, flow),
            )
            for flow in stated
        ]
        told.append(words("bridge.reported", flows=words.listed(flows)))
    else:
        told.append(words("bridge.none_reported"))
    if row["refused"] is not None:
        told.append(words(f"bridge.refused_{row['refused']}", flows=_named(view, row["fell"])))
    elif row["residual"] == 0:
        told.append(words("bridge.no_residual"))
    else:
        told.append(words("bridge.residual", amount=_residual(view, row)))
    missing = [flow for flow in row["missing"] if flow not in row["fell"]]
    if missing:
        told.append(words("bridge.missing", flows=_named(view, missing)))
    return " ".join(told)


def _named(view: View, flows: list[str]) -> str:
    """Flows by name, in a sentence."""
    return view.words.listed([sides.in_sentence(view.words(f"bridge.{flow}")) for flow in flows])


@lru_cache(maxsize=64)
def listing(view: View) -> Exhibit:
    """The newest ways as a table."""
    words, shown = view.words, _newest(view, sides.SHOWN).to_dicts()
    of = (view.build, view.situation_id, "reconciliation", view.known_on)
    claims = sides.claims_of(view, (row["closing_claim"] for row in shown))
    heads = (
        words("table.who"), words("bridge.opening"), *(words(f"bridge.{flow}") for flow in FLOWS),
        words("bridge.closing"), words("bridge.unexplained"),
    )  # fmt: skip
    return Exhibit(
        name=f"{view.situation_id}-reconciliation-list",
        title=words("bridge.list_title"),
        summary=words.plural(
            "bridge.list_summary",
            queries.mart_size(*of),
            explained=words.number(queries.mart_size(*of, (("refused", None),))),
        ),
        source=source_line(view, sides.frame_of(claims)),
        whole=lambda: _newest(view, None),
        heads=heads,
        rows=tuple(_cells(view, row) for row in shown),
        numeric=(),
        columns=CSV_COLUMNS,
    )


def _cells(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    return (
        view.names[row["organisation"]],
        [words.number(row["opening"]), words.short_day(row["opening_as_of"])],
        *(_amount(view, row, flow) for flow in FLOWS),
        [words.number(row["closing"]), words.short_day(row["as_of"])],
        words("bridge.not_computed") if row["refused"] else _residual(view, row),
    )


def _steps(view: View, row: dict[str, Any]) -> list[Step]:
    words = view.words
    opening = words.number(row["opening"])
    if row["opening_basis"] == "stated_change":
        opening = words("bridge.stated_change", amount=opening)
    steps = [Step(words("bridge.opening"), opening, None, level=True)]
    for flow in FLOWS:
        middle = _middle(row[f"{flow}_low"], row[f"{flow}_high"])
        change = None if middle is None else middle if flow in INWARD else -middle
        steps.append(Step(words(f"bridge.{flow}"), _amount(view, row, flow), change))
    if row["refused"] is None:
        left = _middle(row["residual_low"], row["residual_high"])
        steps.append(Step(words("bridge.unexplained"), _residual(view, row), left, residual=True))
    else:
        left = None if row["unexplained"] is None else float(row["unexplained"])
        steps.append(Step(words("bridge.unexplained"), words("bridge.not_computed"), left, residual=True))
    return [*steps, Step(words("bridge.closing"), words.number(row["closing"]), None, level=True)]


def _amount(view: View, row: dict[str, Any], flow: str) -> str:
    """What was reported of a flow, as far as it is known."""
    words = view.words
    low, high = row[f"{flow}_low"], row[f"{flow}_high"]
    if flow in row["fell"]:
        return words("bridge.fell")
    if low is None and high is None:
        return words("bridge.not_reported")
    amount = sides.between(view, low, high)
    derived = row.get(f"{flow}_basis") == "derived"
    return words("bridge.derived", amount=amount) if derived else amount


def _residual(view: View, row: dict[str, Any]) -> str:
    return sides.more_or_fewer(view, row["residual_low"], row["residual_high"])


def _middle(low: int | None, high: int | None) -> float | None:
    """Where a bar ends: the stated bound, or the middle of two."""
    known = [bound for bound in (low, high) if bound is not None]
    return sum(known) / len(known) if known else None


def _newest(view: View, limit: int | None) -> pl.DataFrame:
    of = (view.build, view.situation_id, "reconciliation")
    return queries.mart(*of, ORDER, limit, known_on=view.known_on)


def _offered(view: View) -> list[dict[str, Any]]:
    of = (view.build, view.situation_id, "reconciliation")
    return queries.mart(*of, OFFERED_ORDER, OFFERED, known_on=view.known_on).to_dicts()


def _id(row: dict[str, Any]) -> str:
    return f"{row['organisation']}.{row['opening_as_of']}.{row['as_of']}.{row['population']}"


def _row(view: View, way: str) -> dict[str, Any]:
    return next(row for row in _offered(view) if _id(row) == way)
