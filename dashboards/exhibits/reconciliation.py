"""From one stock to the next: what reported flows explain or not, step by step and over the whole process."""

from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.waterfall import (
    HELD,
    IN,
    MISSING,
    OUT,
    PHONE_HEIGHT,
    REST,
    Aside,
    Step,
    draw_waterfall,
)
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.i18n.rich_text import Cell
from dashboards.metrics.whole_way import WholeWay, find_whole_way
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember, remember_asked
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.flow_parts import is_known_in_part, list_parts, tell_parts
from dashboards.text.organisations import name_in_sentence, name_subject
from dashboards.text.statement_sentences import compose_source

ORDER: Final = "as_of DESC, days, organisation, population, opening_basis"
ASIDE_HEIGHT: Final = 90  # pixels of a phone for what is said of a way
FLOWS: Final = ("released", "detained", "reported_late", "deaths")
INWARD: Final = frozenset({"detained", "reported_late"})
OFFERED: Final = 200  # ways that the page offers
OFFERED_ORDER: Final = "refused IS NOT NULL, len(missing), " + ORDER
CSV_COLUMNS: Final = (
    "organisation", "population", "opening_as_of", "as_of", "days", "opening", "opening_basis",
    "opening_claim", "released_low", "released_high", "released_basis", "detained_low", "detained_high",
    "detained_basis", "reported_late_low", "reported_late_high", "deaths_low", "deaths_high", "closing",
    "closing_claim", "change", "residual_low", "residual_high", "unexplained", "missing", "fell",
    "exceeds", "complete", "refused", "flow_claims",
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
    ids += [part["claim"] for flow in FLOWS for part in list_parts(view, row, flow)]
    steps = _make_steps(view, row)
    draw = None
    if row["refused"] != "break":
        draw = partial(draw_waterfall, steps, words.separators, words("bridge.unit"))
    return Exhibit(
        name=f"{view.situation_id}-reconciliation",
        title=compose_finding(view, row),
        summary=compose_sentence(view, row),
        source=compose_source(view, claim_rows.make_claim_frame(claim_rows.find_claims(view, ids))),
        subtitle=words("bridge.subtitle"),
        figure=None if draw is None else draw(),
        narrow=None if draw is None else draw(width=PHONE, height=PHONE_HEIGHT),
        fit=None if draw is None else lambda width, height: draw(width=width, height=height),
        whole=lambda: _read_newest(view, None),
        heads=(words("table.step"), words("table.change")),
        rows=tuple(([step.name, step.told] if step.told else step.name, step.text) for step in steps),
        numeric=(),
        columns=CSV_COLUMNS,
    )


def compose_finding(view: View, row: dict[str, Any]) -> str:
    """From how many held to how many, and what the reported flows leave open."""
    words = view.words
    key = "_refused" if row["refused"] else "_explained" if row["residual"] == 0 else ""
    return words.plural(
        f"bridge.finding{key}",
        row["opening"],
        organisation=name_subject(view, row["organisation"], first=True),
        opening=words.number(row["opening"]),
        closing=words.number(row["closing"]),
        opening_day=words.short_day(row["opening_as_of"]),
        closing_day=words.short_day(row["as_of"]),
        left="" if row["refused"] else _tell_residual(view, row),
    )


@remember
def make_whole_way(view: View) -> Exhibit | None:
    """The whole process of the primary organisation as one way; None where it cannot be followed."""
    words, way = view.words, find_whole_way(view)
    if way is None:
        return None
    opening, left, closing = way.opening, way.left, way.closing
    number, day = words.number, words.tick
    start = left["baseline"]
    steps = [
        Step(HELD, words("bridge.held"), day(opening["as_of"], "MMMd"), number(opening["value"]),
        opening["value"]),
        Step(
            OUT, words("bridge.released"),
            words("bridge.days", start=day(start, "MMMd"), end=day(left["as_of"], "MMMd")),
            f"−{number(left['value'])}", -left["value"],
        ),
        _tell_detained(view, way),
        Step(
            REST, words("bridge.unexplained"), words("bridge.by_nobody"),
            words("bridge.or_fewer", amount=number(way.unexplained)), way.unexplained,
        ),
        Step(HELD, words("bridge.held"), day(closing["as_of"], "MMMd"), number(closing["value"]),
        closing["value"]),
    ]  # fmt: skip
    facts = {
        "organisation": name_in_sentence(view, opening["organisation"]),
        "left": number(left["value"]),
        "fall": number(abs(way.fell)),
        "since": day(start, "MMMMd") if start.year == left["as_of"].year else words.day(start),
        "until": words.day(left["as_of"]),
        "start": words.day(opening["as_of"]),
        "end": words.day(closing["as_of"]),
        "added": number(way.added),
        "detained": number(way.newly_detained),
        "unexplained": number(way.unexplained),
    }
    key = "less" if 0 < way.fell < left["value"] else "fell" if way.fell > 0 else "rose"
    finding = words.plural(f"bridge.finding_{key}", left["value"], **facts)
    summary = words("bridge.whole_summary", finding=finding, **facts)
    fell, aside = way.fell > 0, None
    if way.added > 0:
        told = words("bridge.aside" if way.detained else "bridge.aside_none", **facts)
        aside = Aside(words.plural("bridge.aside_title", way.added, **facts), told)
        summary = f"{summary} {aside.heading}. {told}"
    draw = partial(
        draw_waterfall,
        steps,
        words.separators,
        words("bridge.unit"),
        f"{words('bridge.fall')}<br>{facts['fall']}" if fell else "",
        aside,
    )
    ids = [opening["claim_id"], left["claim_id"], closing["claim_id"]]
    ids += [row["detained_claim"] for row in way.detained]
    return Exhibit(
        name=f"{view.situation_id}-bridge",
        title=finding,
        subtitle=words("bridge.whole_subtitle", **facts),
        brief=words("bridge.whole_brief", **facts),
        summary=summary,
        source=compose_source(view, claim_rows.make_claim_frame(claim_rows.find_claims(view, ids))),
        figure=draw(),
        narrow=draw(width=PHONE, height=PHONE_HEIGHT + (0 if aside is None else ASIDE_HEIGHT)),
        fit=lambda width, height: draw(width=width, height=height),
        heads=(words("table.step"), words("table.change")),
        rows=tuple(([step.name, step.told], step.text) for step in steps),
        numeric=(),
        whole=lambda: _read_newest(view, None),
        columns=CSV_COLUMNS,
    )


def _tell_detained(view: View, way: WholeWay) -> Step:
    words = view.words
    if not way.detained:
        return Step(MISSING, words("bridge.detained"), "", words("bridge.not_reported"), None)
    weekly = all(6 <= (row["as_of"] - row["period_start"]).days <= 8 for row in way.detained)
    return Step(
        IN,
        words("bridge.detained"),
        words.plural("bridge.weeks" if weekly else "bridge.periods", len(way.detained)),
        words("bridge.or_more", amount=words.number(way.newly_detained)),
        way.newly_detained,
    )


def compose_sentence(view: View, row: dict[str, Any]) -> str:
    """A way in words: both stocks, what was reported, what was not, what stays open."""
    words = view.words
    told = [
        words(
            "bridge.sentence",
            organisation=name_in_sentence(view, row["organisation"]),
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
    in_part = [flow for flow in FLOWS if list_parts(view, row, flow)]
    if in_part:
        flows = [
            words("bridge.flow", name=name, amount=words.listed(tell_parts(view, row, flow)))
            for flow in in_part
            for name in [labels.lower_first(words(f"bridge.{flow}"))]
        ]
        told.append(words("bridge.in_part", flows="; ".join(flows)))
    if not stated and not in_part:
        told.append(words("bridge.none_reported"))
    if row["refused"] is not None:
        unused = _name_flows(view, row["fell"] or row["exceeds"])
        only_parts = row["refused"] == "missing" and is_known_in_part(view, row)
        told.append(words(f"bridge.refused_{'parts' if only_parts else row['refused']}", flows=unused))
    elif row["residual"] == 0:
        told.append(words("bridge.no_residual"))
    else:
        told.append(words("bridge.residual", amount=_tell_residual(view, row)))
    missing = [flow for flow in row["missing"] if flow not in (*row["fell"], *row["exceeds"], *in_part)]
    if missing:
        key = "bridge.missing_explained" if row["residual"] == 0 else "bridge.missing"
        told.append(words(key, flows=_name_flows(view, missing)))
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
    days = [words.short_day(row["opening_as_of"]), words.short_day(row["as_of"])]
    if row["opening_basis"] == "stated_change":
        days[0] = words("bridge.stated_change", day=days[0])
    steps = [Step(HELD, words("bridge.held"), days[0], words.number(row["opening"]), row["opening"])]
    for flow in FLOWS:
        middle = _find_middle(row[f"{flow}_low"], row[f"{flow}_high"])
        change = None if middle is None else middle if flow in INWARD else -middle
        kind = MISSING if change is None else IN if flow in INWARD else OUT
        amount = _tell_amount(view, row, flow)
        told = words("bridge.by_difference") if _tell_flow(view, row, flow) != amount else ""
        steps.append(Step(kind, words(f"bridge.{flow}"), told, amount, change))
    told, left = words("bridge.not_computed"), None
    if row["refused"] is None:
        told, left = _tell_residual(view, row), _find_middle(row["residual_low"], row["residual_high"])
    steps.append(Step(MISSING if left is None else REST, words("bridge.unexplained"), "", told, left))
    return [*steps, Step(HELD, words("bridge.held"), days[1], words.number(row["closing"]), row["closing"])]


def _tell_flow(view: View, row: dict[str, Any], flow: str) -> str:
    """What was reported of a flow, as far as it is known, and whether it is derived."""
    amount, known = _tell_amount(view, row, flow), _find_middle(row[f"{flow}_low"], row[f"{flow}_high"])
    derived = row.get(f"{flow}_basis") == "derived" and known is not None and flow not in row["fell"]
    return view.words("bridge.derived", amount=amount) if derived else amount


def _tell_amount(view: View, row: dict[str, Any], flow: str) -> str:
    """What was reported of a flow, as far as it is known."""
    words = view.words
    low, high = row[f"{flow}_low"], row[f"{flow}_high"]
    if flow in row["fell"]:
        return words("bridge.fell")
    if flow in row["exceeds"]:
        return words("bridge.exceeds")
    if low is None and high is None:
        parts = list_parts(view, row, flow)
        if not parts:
            return words("bridge.not_reported")
        part = labels.name_part(view, parts[0]["breakdown"])
        return words("bridge.part", amount=amounts.tell_amount(parts[0], words), part=part)
    return amounts.tell_between(view, low, high)


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
