"""One division over time: each part's count and share; gaps stay gaps, withheld cells stay withheld."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import breakdowns, queries, sides
from dashboards.charts.parts_over_time import PANELS, PART_SCHEMA, parts_over_time
from dashboards.charts.timeline import Lettering
from dashboards.exhibit_parts import epoch, events
from dashboards.exhibits import Exhibit
from dashboards.sentences import source_line
from dashboards.view import View
from pipelines.model import Kind, Measure

PARTS_DRAWN: Final = 6  # those with most figures


@lru_cache(maxsize=128)
def exhibit(
    view: View,
    choice: str,
    span: tuple[date, date] | None = None,
    kinds: tuple[str, ...] = (),
    panels: tuple[str, ...] = PANELS,
) -> Exhibit | None:
    """The parts of one division (`breakdowns.choices`) as lines; None where no part has two figures.

    `span` None reaches from the first figure to the last; `kinds` of events are marked; `panels` of PANELS.
    """
    words = view.words
    organisation, measure, key = choice.split(" ")
    found = queries.mart(
        view.build,
        view.situation_id,
        "breakdowns",
        "as_of, breakdown, period_start, claim",
        known_on=view.known_on,
        equal=(("organisation", organisation), ("measure", measure), ("key", key)),
    )
    if span is not None:
        found = found.filter(pl.col("as_of").is_between(*span))
    drawn = _drawn(found)
    if not drawn:
        return None
    rows = found.filter(pl.col("breakdown").is_in(drawn))
    stated = rows.filter("stated")
    first, last = queries.first_day(stated), queries.last_day(stated)
    assert first is not None
    assert last is not None
    shown = span or (first, last)
    marked = events(view, *shown, kinds)
    named = {
        "organisation": view.names[organisation],
        "measure": sides.in_sentence(words(f"measure.{measure}")),
        "key": sides.part_label(view, key),
    }
    points = _points(view, rows.filter(pl.col("as_of").is_between(*shown)), drawn, Measure(measure).kind)
    claims = sides.claims_of(view, stated["claim"])
    order = ("as_of", "breakdown", "period_start", "claim")
    newest_first = found.sort(order, descending=[True, False, False, False], nulls_last=True)
    newest = [stated.filter(breakdown=part).row(-1, named=True) for part in drawn]
    return Exhibit(
        name=f"{view.situation_id}-parts-over-time",
        title=words("overtime.title", **named),
        summary=words(
            "overtime.summary",
            first=words.day(first),
            last=words.day(last),
            parts=" ".join(_newest(view, row) for row in newest),
            **named,
        ),
        source=source_line(view, sides.frame_of(claims)),
        figure=parts_over_time(
            points,
            (words("overtime.counts"), words("overtime.shares")),
            Lettering(words.tick, words.separators, words("chart.silence")),
            shown,
            [event for event, _ in marked],
            panels,
        ),
        events=tuple((event.label, link) for event, link in marked),
        heads=breakdowns.heads(view),
        rows=breakdowns.cells(view, newest_first.head(sides.SHOWN).to_dicts()),
        numeric=breakdowns.NUMERIC,
        key=_key(view, points, Measure(measure).kind, panels),
        columns=breakdowns.CSV_COLUMNS,
        whole=lambda: found,
    )


def _drawn(found: pl.DataFrame) -> list[str]:
    """The parts with most figures, each with at least two days."""
    counted = (
        found.filter("stated")
        .group_by("breakdown")
        .agg(pl.col("as_of").n_unique().alias("days"))
        .filter(pl.col("days") > 1)
        .sort(["days", "breakdown"], descending=[True, False])
    )
    return counted["breakdown"].head(PARTS_DRAWN).to_list()


def _points(view: View, rows: pl.DataFrame, drawn: list[str], kind: Kind) -> pl.DataFrame:
    broken = queries.unbridged_breaks(view.build, view.situation_id, view.known_on)
    made = [
        {
            "part": sides.part_label(view, row["breakdown"]),
            "slot": drawn.index(row["breakdown"]),
            "line": None if kind is Kind.FLOW else f"{row['period_start']} {epoch(row, broken)}",
            "as_of": row["as_of"],
            "state": "silent" if not row["stated"] else "withheld" if row["suppressed"] else "stated",
            "value": row["value"],
            "exact": row["qualifier"] == "exact",
            "share": row["share_low"] if row["share_low"] == row["share_high"] else None,
            "hover": _hover(view, row),
            "claim_id": row["claim"],
        }
        for row in rows.to_dicts()
    ]
    return pl.DataFrame(made, schema=PART_SCHEMA).sort("slot", "as_of", "claim_id", maintain_order=True)


def _hover(view: View, row: dict[str, Any]) -> str:
    words = view.words
    part = sides.part_label(view, row["breakdown"])
    lines = [f"<b>{words('overtime.hover', part=part, figure=_figure(view, row))}</b>"]
    lines.append(words("hover.as_of", moment=words.day(row["as_of"])))
    if row["share_low"] is not None and row["share_low"] == row["share_high"]:
        total = words.amount(row["total_qualifier"], row["total"])
        lines.append(words("overtime.hover_share", share=words.percent(row["share_low"]), total=total))
    return "<br>".join(lines)


def _figure(view: View, row: dict[str, Any]) -> str:
    words = view.words
    if not row["stated"]:
        return words("parts.unsaid")
    if row["fewer_than"] is not None:
        return words.plural("parts.fewer_than", row["fewer_than"])
    if row["suppressed"]:
        return words("parts.withheld")
    return words.amount(row["qualifier"], row["value"], row["value_high"])


def _newest(view: View, row: dict[str, Any]) -> str:
    words = view.words
    part, day = sides.part_label(view, row["breakdown"]), words.day(row["as_of"])
    if row["suppressed"]:
        return words("overtime.part_withheld", part=part, day=day)
    return words("overtime.part", part=part, figure=_figure(view, row), day=day)


def _key(view: View, points: pl.DataFrame, kind: Kind, panels: tuple[str, ...]) -> tuple[str, ...]:
    """How to read the marks that this chart has."""
    states = set(points["state"])
    shares = "share" in panels and points["share"].is_not_null().any()
    counts = "value" in panels or not shares
    present = {
        "gap": "silent" in states,
        "withheld": counts and "withheld" in states,
        "bound": counts and not points.filter(state="stated")["exact"].all(),
        "share": shares,
        "window": kind is Kind.CUMULATIVE,
    }
    return tuple(view.words(f"overtime.key_{mark}") for mark, shown in present.items() if shown)
