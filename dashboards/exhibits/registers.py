"""Several registers of one thing: their ranges on the days of their figures, never averaged."""

from datetime import timedelta
from typing import Any, Final

import plotly.graph_objects as go

from dashboards.charts.registers import (
    LINE_FROM,
    WIDTH,
    EndLabel,
    RegisterFigure,
    RegisterRange,
    draw_registers,
)
from dashboards.charts.theme import choose_look
from dashboards.charts.timeseries import Lettering
from dashboards.exhibits.exhibit import (
    PHONE,
    Exhibit,
    count_rows,
    list_newest_rows,
    make_from_mart,
    source_from,
)
from dashboards.exhibits.figures_over_time import choose_slot
from dashboards.i18n.rich_text import Link
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from pipelines.core.bounds import find_bounds
from pipelines.core.model import Measure, Qualifier

BANDS_SHOWN: Final = 12
BAND_COLUMNS: Final = (
    "as_of", "measure", "population", "breakdown", "baseline", "registries", "low_organisation",
    "low_qualifier", "low_value", "low_as_of", "low_claim", "high_organisation", "high_qualifier",
    "high_value", "high_as_of", "high_claim", "organisations", "values", "claims",
)  # fmt: skip


@remember
def make_bands(view: View) -> Exhibit:
    """Several registries of one thing, each edge named, never averaged."""
    words, shown = view.words, list_newest_rows(view, "bands", BANDS_SHOWN)
    summary = words("bands.none")
    if shown:
        edges = {edge: _tell_edge(view, shown[0], edge) for edge in ("low", "high")}
        summary = words.plural("bands.summary", count_rows(view, "bands"), **edges)
    drawn = _read_drawn(view)
    keys = ["range"] if drawn else []
    if any(row[f"{edge}_qualifier"] != Qualifier.EXACT for row in drawn for edge in ("low", "high")):
        keys.append("bound")
    made = make_from_mart(
        view,
        "bands",
        BAND_COLUMNS,
        shown,
        ("low_claim", "high_claim"),
        title=compose_finding(view, drawn),
        subtitle=words("bands.subtitle"),
        summary=summary,
        figure=_draw(view, drawn) if drawn else None,
        narrow=_draw(view, drawn, PHONE) if drawn else None,
        heads=tuple(words(f"table.{column}") for column in ("what", "low", "high", "registries")),
        rows=tuple(
            (
                labels.name_counted(view, row["measure"], row["population"], row["breakdown"]),
                *(
                    Link(
                        _tell_edge(view, row, edge),
                        make_claim_address(view, row[f"{edge}_claim"]),
                        outside=False,
                    )
                    for edge in ("low", "high")
                ),
                words.number(row["registries"]),
            )
            for row in shown
        ),
        numeric=(3,),
        key=tuple(words(f"bands.key_{key}") for key in keys),
    )
    return source_from(made, view, [claim for row in drawn for claim in row["claims"]])


def _read_drawn(view: View) -> list[dict[str, Any]]:
    """The ranges of people held from shortly before the baseline on, in time order."""
    since = view.situation.baseline - timedelta(days=LEAD_DAYS)
    equal = (("measure", str(Measure.IN_CUSTODY)), ("breakdown", "total"))
    of = (view.build, view.situation_id, "bands", "as_of, low_claim")
    found = database.read_mart(*of, known_on=view.known_on, equal=equal).to_dicts()
    return [row for row in found if since <= min(row["low_as_of"], row["high_as_of"]) <= view.today]


def compose_finding(view: View, drawn: list[dict[str, Any]]) -> str:
    """From which range to which, of the first and the last range whose ends are both exact."""
    words, exact = view.words, [row for row in drawn if _is_exact(row)]
    if not exact:
        return words("bands.title")
    first, last = exact[0], exact[-1]
    ends = {
        "last_low": words.number(last["low_value"]),
        "last_high": words.number(last["high_value"]),
        "last_month": words.moment(last["as_of"], "month"),
    }
    if first["low_value"] > last["low_value"] and first["high_value"] > last["high_value"]:
        began = {
            "low": words.number(first["low_value"]),
            "high": words.number(first["high_value"]),
            "month": words.moment(first["as_of"], "month"),
        }
        return words("bands.finding_fell", **began, **ends)
    return words("bands.finding", **ends)


def _is_exact(row: dict[str, Any]) -> bool:
    return bool(row["low_qualifier"] == row["high_qualifier"] == Qualifier.EXACT)


def _draw(view: View, drawn: list[dict[str, Any]], width: float = WIDTH) -> go.Figure:
    words = view.words
    claims = claim_rows.find_claims(view, {claim: None for row in drawn for claim in row["claims"]})
    figures = sorted(
        (_make_figure(view, claim) for claim in claims.values()), key=lambda each: (each.day, each.claim_id)
    )
    ranges = [
        RegisterRange((row["low_as_of"], row["low_value"]), (row["high_as_of"], row["high_value"]))
        for row in drawn
        if _is_exact(row)
    ]
    return draw_registers(
        figures, ranges, _name_ends(view, figures), Lettering(words.tick, words.separators), width
    )


def _make_figure(view: View, claim: dict[str, Any]) -> RegisterFigure:
    low, high = find_bounds(claim["qualifier"], claim["value"], claim["value_high"])
    name = view.names[claim["organisation"]]
    told = view.words(
        "bands.edge",
        organisation=name,
        figure=amounts.tell_claim_amount(view, claim),
        day=view.words.short_day(claim["as_of"]),
    )
    look = choose_look(choose_slot(view, claim["organisation"], claim["measure"]))
    return RegisterFigure(claim["as_of"], low, high, look, name, f"<b>{told}</b>", claim["claim_id"])


def _name_ends(view: View, figures: list[RegisterFigure]) -> list[EndLabel]:
    """The last exact figure of each register that has a line, and the highest figure of all."""
    exact = [each for each in figures if each.low is not None and each.low == each.high]
    highest = max(exact, key=lambda each: each.low or 0, default=None)
    shown: dict[str, RegisterFigure] = {}
    for each in exact:
        if len({other.day for other in exact if other.register == each.register}) >= LINE_FROM:
            shown[each.register] = each
    lowest = min((each.low or 0 for each in shown.values()), default=0)
    ends = [_name_end(view, each, above=(each.low or 0) > lowest) for each in shown.values()]
    if highest is not None and highest not in shown.values():
        ends.append(_name_end(view, highest, above=True))
    return ends


def _name_end(view: View, each: RegisterFigure, above: bool) -> EndLabel:
    words, day = view.words, each.day
    number = words.number(each.low or 0)
    text = f"{each.register}<br><b>{number}</b> · {words.tick(day, 'MMMd')}"
    return EndLabel(day, each.low or 0, text, each.look.colour, above)


def _tell_edge(view: View, row: dict[str, Any], edge: str) -> str:
    """Who, the figure as hedged, and its own day: the days of a band are close together, not one."""
    words = view.words
    return words(
        "bands.edge",
        organisation=view.names[row[f"{edge}_organisation"]],
        figure=words.amount(row[f"{edge}_qualifier"], row[f"{edge}_value"]),
        day=words.short_day(row[f"{edge}_as_of"]),
    )
