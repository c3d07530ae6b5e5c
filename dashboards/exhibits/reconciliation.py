"""From one stock to the next: what reported flows explain or not; new detentions per 100 releases."""

from typing import Any, Final

import polars as pl

from dashboards.charts.waterfall import Step, draw_waterfall
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit, count_rows, list_newest_rows, make_from_mart
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember, remember_asked
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source

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


def list_ways(view: View) -> list[str]:
    """Ways on which something was reported, as the address names them; those that can be computed first."""
    primary = view.situation.primary_organisation
    reported = [row for row in _read_offered(view) if not {"released", "detained"} <= set(row["missing"])]
    return [
        _make_id(row)
        for row in sorted(
            reported, key=lambda row: (row["refused"] is not None, row["organisation"] != primary)
        )
    ]


def name_way(view: View, way: str) -> str:
    """One way as a choice."""
    row = _find_row(view, way)
    words = view.words
    return words(
        "bridge.way_label",
        organisation=view.names[row["organisation"]],
        opening=words.short_day(row["opening_as_of"]),
        closing=words.short_day(row["as_of"]),
    )


@remember_asked
def make_reconciliation(view: View, way: str) -> Exhibit:
    """One way as a bridge, in words and as a table; the CSV holds every way."""
    words, row = view.words, _find_row(view, way)
    ids = [row["opening_claim"], row["closing_claim"], *(row["flow_claims"] or [])]
    steps = _make_steps(view, row)
    return Exhibit(
        name=f"{view.situation_id}-reconciliation",
        title=words("bridge.title"),
        summary=compose_sentence(view, row),
        source=compose_source(view, claim_rows.make_claim_frame(claim_rows.find_claims(view, ids))),
        figure=None
        if row["refused"] == "break"
        else draw_waterfall(steps, words.separators, words("bridge.unit")),
        whole=lambda: _read_newest(view, None),
        heads=(words("table.step"), words("table.change")),
        rows=tuple((step.label, step.text) for step in steps),
        numeric=(),
        columns=CSV_COLUMNS,
    )


def compose_sentence(view: View, row: dict[str, Any]) -> str:
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
                name=labels.lower_first(words(f"bridge.{flow}")),
                amount=_tell_flow(view, row, flow),
            )
            for flow in stated
        ]
        told.append(words("bridge.reported", flows=words.listed(flows)))
    else:
        told.append(words("bridge.none_reported"))
    if row["refused"] is not None:
        told.append(words(f"bridge.refused_{row['refused']}", flows=_name_flows(view, row["fell"])))
    elif row["residual"] == 0:
        told.append(words("bridge.no_residual"))
    else:
        told.append(words("bridge.residual", amount=_tell_residual(view, row)))
    missing = [flow for flow in row["missing"] if flow not in row["fell"]]
    if missing:
        told.append(words("bridge.missing", flows=_name_flows(view, missing)))
    return " ".join(told)


def _name_flows(view: View, flows: list[str]) -> str:
    """Flows by name, in a sentence."""
    return view.words.listed([labels.lower_first(view.words(f"bridge.{flow}")) for flow in flows])


@remember
def make_newest_ways(view: View) -> Exhibit:
    """The newest ways as a table."""
    words, shown = view.words, _read_newest(view, exhibit.SHOWN).to_dicts()
    of = (view.build, view.situation_id, "reconciliation", view.known_on)
    claims = claim_rows.find_claims(view, (row["closing_claim"] for row in shown))
    heads = (
        words("table.who"), words("bridge.opening"), *(words(f"bridge.{flow}") for flow in FLOWS),
        words("bridge.closing"), words("bridge.unexplained"),
    )  # fmt: skip
    return Exhibit(
        name=f"{view.situation_id}-reconciliation-list",
        title=words("bridge.list_title"),
        summary=words.plural(
            "bridge.list_summary",
            database.count_mart_rows(*of),
            explained=words.number(database.count_mart_rows(*of, (("refused", None),))),
        ),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        whole=lambda: _read_newest(view, None),
        heads=heads,
        rows=tuple(_make_row(view, row) for row in shown),
        numeric=(),
        columns=CSV_COLUMNS,
    )


def _make_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    return (
        view.names[row["organisation"]],
        [words.number(row["opening"]), words.short_day(row["opening_as_of"])],
        *(_tell_flow(view, row, flow) for flow in FLOWS),
        [words.number(row["closing"]), words.short_day(row["as_of"])],
        words("bridge.not_computed") if row["refused"] else _tell_residual(view, row),
    )


def _make_steps(view: View, row: dict[str, Any]) -> list[Step]:
    words = view.words
    opening = words.number(row["opening"])
    if row["opening_basis"] == "stated_change":
        opening = words("bridge.stated_change", amount=opening)
    steps = [Step(words("bridge.opening"), opening, None, level=True)]
    for flow in FLOWS:
        middle = _find_middle(row[f"{flow}_low"], row[f"{flow}_high"])
        change = None if middle is None else middle if flow in INWARD else -middle
        steps.append(Step(words(f"bridge.{flow}"), _tell_flow(view, row, flow), change))
    if row["refused"] is None:
        left = _find_middle(row["residual_low"], row["residual_high"])
        steps.append(Step(words("bridge.unexplained"), _tell_residual(view, row), left, residual=True))
    else:
        left = None if row["unexplained"] is None else float(row["unexplained"])
        steps.append(Step(words("bridge.unexplained"), words("bridge.not_computed"), left, residual=True))
    return [*steps, Step(words("bridge.closing"), words.number(row["closing"]), None, level=True)]


def _tell_flow(view: View, row: dict[str, Any], flow: str) -> str:
    """What was reported of a flow, as far as it is known."""
    words = view.words
    low, high = row[f"{flow}_low"], row[f"{flow}_high"]
    if flow in row["fell"]:
        return words("bridge.fell")
    if low is None and high is None:
        return words("bridge.not_reported")
    amount = amounts.tell_between(view, low, high)
    derived = row.get(f"{flow}_basis") == "derived"
    return words("bridge.derived", amount=amount) if derived else amount


def _tell_residual(view: View, row: dict[str, Any]) -> str:
    return amounts.tell_change(view, row["residual_low"], row["residual_high"])


def _find_middle(low: int | None, high: int | None) -> float | None:
    """Where a bar ends: the stated bound, or the middle of two."""
    known = [bound for bound in (low, high) if bound is not None]
    return sum(known) / len(known) if known else None


def _read_newest(view: View, limit: int | None) -> pl.DataFrame:
    of = (view.build, view.situation_id, "reconciliation")
    return database.read_mart(*of, ORDER, limit, known_on=view.known_on)


def _read_offered(view: View) -> list[dict[str, Any]]:
    of = (view.build, view.situation_id, "reconciliation")
    return database.read_mart(*of, OFFERED_ORDER, OFFERED, known_on=view.known_on).to_dicts()


def _make_id(row: dict[str, Any]) -> str:
    return f"{row['organisation']}.{row['opening_as_of']}.{row['as_of']}.{row['population']}"


def _find_row(view: View, way: str) -> dict[str, Any]:
    return next(row for row in _read_offered(view) if _make_id(row) == way)


DOOR_COLUMNS: Final = (
    "organisation", "population", "period_start", "as_of", "detained_measure", "detained_low",
    "detained_high", "detained_claim", "released_organisation", "released_measure",
    "released_period_start", "released_as_of", "released_low", "released_high", "released_claim",
    "comparable", "reason", "detained_per_100_released_low", "detained_per_100_released_high",
    "net_low", "net_high",
)  # fmt: skip


@remember
def make_revolving_door(view: View) -> Exhibit:
    """New detentions for each 100 releases of one window and speaker; refused where they differ."""
    words, shown = view.words, list_newest_rows(view, "revolving_door", exhibit.SHOWN)
    count = count_rows(view, "revolving_door")
    comparable = words.number(count_rows(view, "revolving_door", (("comparable", True),)))
    columns = ("who", "window", "detained", "released", "per_hundred", "net")
    return make_from_mart(
        view,
        "revolving_door",
        DOOR_COLUMNS,
        shown,
        ("detained_claim", "released_claim"),
        title=words("door.title"),
        summary=words.plural("door.summary", count, comparable=comparable) if count else words("door.none"),
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_make_door_row(view, row) for row in shown),
        numeric=(),
    )


def _make_door_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    start, end = words.short_day(row["period_start"]), words.short_day(row["as_of"])
    claims = claim_rows.find_claims(view, (row["detained_claim"], row["released_claim"]))
    known: list[Cell] = [
        view.names[row["organisation"]],
        words("door.window", start=start, end=end),
        *(
            Link(
                amounts.tell_claim_amount(view, claims[row[f"{side}_claim"]]),
                make_claim_address(view, row[f"{side}_claim"]),
                outside=False,
            )
            for side in ("detained", "released")
        ),
    ]
    if not row["comparable"]:
        organisation = view.names[row["released_organisation"]]
        return (*known, words(f"door.refused_{row['reason']}", organisation=organisation), "—")
    low, high = row["detained_per_100_released_low"], row["detained_per_100_released_high"]
    net = amounts.tell_between(view, row["net_low"], row["net_high"])
    if low is None and high is None:
        return (*known, words("door.no_releases"), net)
    rate = amounts.tell_between(
        view, None if low is None else round(low), None if high is None else round(high)
    )
    return (*known, rate, net)
