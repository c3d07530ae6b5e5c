"""Several registers of one thing: the exact figures of each on their own days, never averaged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.claims_panel import PHONE_HEIGHT, draw_claims
from dashboards.charts.panel_totals import PanelWords, Point, Total
from dashboards.charts.theme import Look, choose_look
from dashboards.exhibits.exhibit import (
    BY_DAY,
    PHONE,
    Exhibit,
    list_newest_rows,
    make_from_mart,
    source_from,
)
from dashboards.exhibits.figures_over_time import choose_slot, explain_dots
from dashboards.exhibits.release_totals import lasts_long
from dashboards.i18n.rich_text import Link
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import labels
from dashboards.text.organisations import explain_short_names, name_short, name_subject
from pipelines.core.model import TOTAL, Measure, Qualifier

DRAWN: Final = 4  # registers
CLOSE: Final = timedelta(days=7)  # so far apart two figures are told together
BANDS_SHOWN: Final = 12
BAND_COLUMNS: Final = (
    "as_of", "measure", "population", "breakdown", "baseline", "registries", "low_organisation",
    "low_qualifier", "low_value", "low_as_of", "low_claim", "high_organisation", "high_qualifier",
    "high_value", "high_as_of", "high_claim", "organisations", "values", "claims",
)  # fmt: skip


@dataclass(frozen=True)
class Registers:
    """The exact figures of each register (as in `series.read_series`), the primary one first, in time order;
    and how many other figures these and further registers gave in that time.
    """

    lines: tuple[pl.DataFrame, ...]
    left_out: int


@remember
def make_bands(view: View) -> Exhibit:
    """Several registries of one thing, each edge named, never averaged."""
    words, held = view.words, _list_bands(view)
    shown = held[:BANDS_SHOWN]
    if len(shown) < BANDS_SHOWN:
        shown = list_newest_rows(view, "band_edges", BANDS_SHOWN)
    summary = _tell_newest(view, shown[0]) if shown else words("bands.none")
    registers = _read_registers(view, held)
    lasting = lasts_long([day for own in registers.lines for day in own["as_of"]])
    looks = _choose_looks(view, registers.lines)
    totals = [_make_total(view, *each, lasting) for each in zip(registers.lines, looks, strict=True)]
    draw = None
    if totals:
        days = [point.day for total in totals for point in total.points]
        told = PanelWords(words.tick, words.separators, "", (), ())
        draw = partial(draw_claims, totals, (), told, (min(days), max(days)))
    made = make_from_mart(
        view,
        "bands",
        BAND_COLUMNS,
        shown,
        ("low_claim", "high_claim"),
        title=compose_finding(view, registers.lines),
        subtitle=_compose_subtitle(view, registers),
        brief=" ".join(filter(None, [words("bands.brief"), _explain_names(view, registers)])),
        summary=summary,
        figure=None if draw is None else draw(),
        narrow=None if draw is None else draw(PHONE, PHONE_HEIGHT),
        fit=draw,
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
    )
    dots = explain_dots(words, [own["as_of"].to_list() for own in registers.lines])
    claims = [claim for own in registers.lines for claim in own["claim_id"]]
    return replace(source_from(made, view, claims), key=dots)


def _compose_subtitle(view: View, registers: Registers) -> str:
    words = view.words
    said = [words("bands.subtitle")]
    if registers.left_out:
        said.append(words.plural("bands.left_out", registers.left_out))
    said.append(_explain_names(view, registers))
    return " ".join(filter(None, said))


def _explain_names(view: View, registers: Registers) -> str:
    return explain_short_names(view, [own["organisation"][0] for own in registers.lines])


def _list_bands(
    view: View, measure: str = Measure.IN_CUSTODY, breakdown: str = TOTAL
) -> list[dict[str, Any]]:
    """The bands of one measure's part, the newest first; of people held where nothing else is asked for."""
    equal = (("measure", str(measure)), ("breakdown", breakdown))
    of = (view.build, view.situation_id, "band_edges", BY_DAY["band_edges"])
    return database.read_mart(*of, known_on=view.known_on, equal=equal).to_dicts()


def _tell_newest(view: View, newest: dict[str, Any]) -> str:
    """How many bands there are of the same thing, and the edges of the newest."""
    of = ("measure", "population", "breakdown")
    bands = _list_bands(view, newest["measure"], newest["breakdown"])
    return view.words.plural(
        "bands.summary",
        sum(band["population"] == newest["population"] for band in bands),
        what=labels.name_counted(view, *(newest[column] for column in of)),
        **{edge: _tell_edge(view, newest, edge) for edge in ("low", "high")},
    )


def _read_registers(view: View, held: list[dict[str, Any]]) -> Registers:
    """The figures of everyone within the bands of people held from shortly before the baseline on, from the
    first of them to the last.
    """
    since = view.situation.baseline - timedelta(days=LEAD_DAYS)
    bands = [row for row in held if since <= min(row["low_as_of"], row["high_as_of"]) <= view.today]
    if not bands:
        return Registers((), 0)
    of = {"measure": str(Measure.IN_CUSTODY), "population": bands[0]["population"], "breakdown": TOTAL}
    counted = database.ask(
        view.build,
        "registers_counted",
        situation=view.situation_id,
        known_on=view.known_on,
        days=[row["as_of"] for row in bands],
        **of,
    )
    primary = view.situation.primary_organisation
    drawn = counted.filter(pl.col("exact") > 0).sort(pl.col("organisation") != primary, maintain_order=True)
    speakers, figures = tuple(drawn["organisation"].head(DRAWN)), int(counted["figures"].sum())
    if not speakers:
        return Registers((), figures)
    stated = series.read_series(
        view.build, view.situation_id, organisations=speakers, known_on=view.known_on, **of
    ).filter(
        pl.col("as_of").is_between(counted["first"][0], counted["last"][0]),
        pl.col("qualifier") == Qualifier.EXACT,
        ~pl.col("contradicted"),
    )
    lines = stated.sort("as_of").partition_by("organisation", maintain_order=True)
    return Registers(
        tuple(sorted(lines, key=lambda own: speakers.index(own["organisation"][0]))),
        figures - stated.height,
    )


def compose_finding(view: View, lines: Sequence[pl.DataFrame]) -> str:
    """What the two registers with most figures counted at first and at last, on days close together."""
    words = view.words
    pairs = [
        (one, two)
        for left, right in [lines[:2]]
        for one in left.to_dicts()
        for two in right.to_dicts()
        if abs(one["as_of"] - two["as_of"]) <= CLOSE
    ] if len(lines) > 1 else []  # fmt: skip
    if not pairs:
        return words("bands.title")
    apart = {id(pair): abs(pair[0]["as_of"] - pair[1]["as_of"]) for pair in pairs}
    first = min(pairs, key=lambda pair: (max(each["as_of"] for each in pair), apart[id(pair)]))
    last = max(pairs, key=lambda pair: (min(each["as_of"] for each in pair), -apart[id(pair)]))
    began = _tell_when(view, first)
    facts = {
        "when": began[:1].upper() + began[1:],
        "one": name_subject(view, first[0]["organisation"]),
        "two": name_subject(view, first[1]["organisation"]),
        **{
            f"{side}_{place}": words.number(each["value"])
            for place, pair in (("first", first), ("last", last))
            for side, each in zip(("one", "two"), pair, strict=True)
        },
    }
    if first is last:
        same = first[0]["value"] == first[1]["value"]
        return words.plural("bands.finding_same" if same else "bands.finding", first[0]["value"], **facts)
    return words.plural("bands.finding_since", first[0]["value"], last_when=_tell_when(view, last), **facts)


def _tell_when(view: View, pair: tuple[dict[str, Any], dict[str, Any]]) -> str:
    """The day of both, or their month."""
    words, days = view.words, [each["as_of"] for each in pair]
    if days[0] == days[1]:
        return words("when.day", day=words.day(days[0]))
    return words("when.month", day=words.moment(max(days), "month"))


def _choose_looks(view: View, lines: Sequence[pl.DataFrame]) -> list[Look]:
    """Colour and shape of each register; those of one role differ in shape."""
    slots = [choose_slot(view, own["organisation"][0], Measure.IN_CUSTODY) for own in lines]
    return [choose_look(slot, slots[:place].count(slot)) for place, slot in enumerate(slots)]


def _make_total(view: View, own: pl.DataFrame, look: Look, lasting: bool) -> Total:
    words, organisation = view.words, own["organisation"][0]
    day = "yMMMd" if lasting else "MMMd"
    points = tuple(
        Point(row["as_of"], row["value"], _tell_hover(view, row), row["claim_id"]) for row in own.to_dicts()
    )
    first, last = points[0], points[-1]
    return Total(
        points,
        look,
        name_short(view, organisation),
        words.number(last.value),
        words.tick(last.day, day),
        None,
        began=f"{words.number(first.value)}, {words.tick(first.day, day)}",
    )


def _tell_hover(view: View, row: dict[str, Any]) -> str:
    words = view.words
    figure, day = words.number(row["value"]), words.short_day(row["as_of"])
    return (
        f"<b>{words('bands.edge', organisation=view.names[row['organisation']], figure=figure, day=day)}</b>"
    )


def _tell_edge(view: View, row: dict[str, Any], edge: str) -> str:
    """Who, the figure as hedged, and its own day: the days of a band are close together, not one."""
    words = view.words
    return words(
        "bands.edge",
        organisation=view.names[row[f"{edge}_organisation"]],
        figure=words.amount(row[f"{edge}_qualifier"], row[f"{edge}_value"]),
        day=words.short_day(row[f"{edge}_as_of"]),
    )
