"""Parts of a figure with the total they belong to, now and over time; gaps stay gaps."""

from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.charts.breakdown_panels import PANELS, PART_SCHEMA, draw_parts_over_time
from dashboards.charts.line_gaps import SILENCE_DAYS
from dashboards.charts.timeseries import Lettering
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.figures_over_time import list_events
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.breaks import find_epoch
from dashboards.queries import claim_rows, database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure

ORDER: Final = "as_of DESC, breakdown, period_start, claim"
COLUMNS: Final = ("as_of", "part", "figure", "total", "share", "source")
NUMERIC: Final = (2, 3)  # of the columns
CSV_COLUMNS: Final = (
    "organisation", "measure", "population", "key", "breakdown", "period_start", "as_of", "stated",
    "qualifier", "value", "value_high", "suppressed", "suppression", "fewer_than", "total_qualifier", "total",
    "share_low", "share_high", "published", "claim", "total_claim",
)  # fmt: skip


def list_divisions(view: View) -> list[str]:
    """Organisation, measure and key, joined as the address names them; those with most figures first."""
    of = {"situation": view.situation_id}
    if view.known_on is None:
        found = database.ask(view.build, "breakdown_choices", **of)
    else:
        found = database.ask(view.build, "breakdown_choices_as_known_on", known_on=view.known_on, **of)
    return [" ".join(row) for row in found.select("organisation", "measure", "key").iter_rows()]


def find_span(view: View, choice: str) -> tuple[date, date] | None:
    """The first and the last day of a division's figures; None where it has none."""
    organisation, measure, key = choice.split(" ")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    of = (view.build, view.situation_id, "breakdowns", "as_of")
    stated = database.read_mart(*of, known_on=view.known_on, equal=equal).filter("stated")
    first, last = series.find_first_day(stated), series.find_last_day(stated)
    return None if first is None or last is None else (first, last)


def name_division(view: View, choice: str) -> str:
    """One choice in words."""
    return view.words("parts.choice_label", **_name_facts(view, choice))


def compose_answer(view: View) -> str:
    """The page's answer: how many divisions there are, and by what."""
    words, found = view.words, list_divisions(view)
    named = [key for choice in found for key in choice.split(" ")[2].split(";")]
    keys = dict.fromkeys(labels.name_part(view, key) for key in named)
    if not found:
        return words("empty.text")
    return words.plural("parts.answer", len(found), keys=words.listed(list(keys)))


def _name_facts(view: View, choice: str) -> dict[str, str]:
    organisation, measure, key = choice.split(" ")
    return {
        "organisation": view.names[organisation],
        "measure": labels.lower_first(view.words(f"measure.{measure}")),
        "key": labels.name_part(view, key),
    }


@remember
def make_newest_parts(view: View, choice: str) -> Exhibit:
    """The newest rows of one division as a table; the CSV holds them all."""
    words = view.words
    organisation, measure, key = choice.split(" ")
    of = (view.build, view.situation_id, "breakdowns")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    shown = database.read_mart(*of, ORDER, exhibit.SHOWN, known_on=view.known_on, equal=equal).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    return Exhibit(
        name=f"{view.situation_id}-breakdowns",
        title=name_division(view, choice),
        summary=words.plural(
            "parts.summary",
            database.count_mart_rows(*of, view.known_on, equal),
            day=words.day(shown[0]["as_of"]),
            **_name_facts(view, choice),
        ),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        heads=name_columns(view),
        rows=make_rows(view, shown),
        numeric=NUMERIC,
        columns=CSV_COLUMNS,
        whole=lambda: database.read_mart(*of, ORDER, known_on=view.known_on, equal=equal),
    )


def name_columns(view: View) -> tuple[str, ...]:
    """What the columns of a division's table are called."""
    return tuple(view.words(f"table.{column}") for column in COLUMNS)


def make_rows(view: View, rows: list[dict[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of the mart under those heads."""
    claims = claim_rows.find_claims(view, (row["claim"] for row in rows))
    return tuple(_make_row(view, row, claims) for row in rows)


def _make_row(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words, claim = view.words, claims.get(row["claim"])
    total = row["total"]
    return (
        words.short_day(row["as_of"]),
        labels.name_part(view, row["breakdown"]),
        _link_amount(view, row),
        words("no_data") if total is None else words.amount(row["total_qualifier"], total),
        _tell_share(view, row),
        Link(view.publisher(claim["publisher"]), claim["url"]) if claim else "—",
    )


def _link_amount(view: View, row: dict[str, Any]) -> Cell:
    told = _tell_amount(view, row)
    if row["value"] is None:
        return told
    return Link(told, make_claim_address(view, row["claim"]), outside=False)


def _tell_share(view: View, row: dict[str, Any]) -> str:
    """The share where both the part and its total are exact; else nothing is claimed."""
    low, high = row["share_low"], row["share_high"]
    return view.words.percent(low) if low is not None and low == high else "—"


PARTS_DRAWN: Final = 6  # those with most figures


@remember
def make_parts_over_time(
    view: View,
    choice: str,
    span: tuple[date, date] | None = None,
    kinds: tuple[str, ...] = (),
    panels: tuple[str, ...] = PANELS,
) -> Exhibit | None:
    """The parts of one division (`breakdowns.list_choices`) as lines; None where no part has two figures.

    `span` None reaches from the first figure to the last; `kinds` of events are marked; `panels` of PANELS.
    """
    words = view.words
    organisation, measure, key = choice.split(" ")
    found = database.read_mart(
        view.build,
        view.situation_id,
        "breakdowns",
        "as_of, breakdown, period_start, claim",
        known_on=view.known_on,
        equal=(("organisation", organisation), ("measure", measure), ("key", key)),
    )
    if span is not None:
        found = found.filter(pl.col("as_of").is_between(*span))
    drawn = _choose_parts(found)
    if not drawn:
        return None
    rows = found.filter(pl.col("breakdown").is_in(drawn))
    stated = rows.filter("stated")
    first, last = series.find_first_day(stated), series.find_last_day(stated)
    assert first is not None
    assert last is not None
    shown = span or (first, last)
    marked = list_events(view, *shown, kinds)
    named = {
        "organisation": view.names[organisation],
        "measure": labels.lower_first(words(f"measure.{measure}")),
        "key": labels.name_part(view, key),
    }
    points = _make_points(view, rows.filter(pl.col("as_of").is_between(*shown)), drawn, Measure(measure).kind)
    claims = claim_rows.find_claims(view, stated["claim"])
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
            parts=" ".join(_tell_newest(view, row) for row in newest),
            **named,
        ),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        figure=draw_parts_over_time(
            points,
            (words("overtime.counts"), words("overtime.shares")),
            Lettering(words.tick, words.separators),
            shown,
            [event for event, _ in marked],
            panels,
        ),
        events=tuple((event.label, link) for event, link in marked),
        heads=name_columns(view),
        rows=make_rows(view, newest_first.head(exhibit.SHOWN).to_dicts()),
        numeric=NUMERIC,
        key=_explain_marks(view, points, Measure(measure).kind, panels),
        columns=CSV_COLUMNS,
        whole=lambda: found,
    )


def _choose_parts(found: pl.DataFrame) -> list[str]:
    """The parts with most figures, each with at least two days."""
    counted = (
        found.filter("stated")
        .group_by("breakdown")
        .agg(pl.col("as_of").n_unique().alias("days"))
        .filter(pl.col("days") > 1)
        .sort(["days", "breakdown"], descending=[True, False])
    )
    return counted["breakdown"].head(PARTS_DRAWN).to_list()


def _make_points(view: View, rows: pl.DataFrame, drawn: list[str], kind: Kind) -> pl.DataFrame:
    broken = series.read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    made = [
        {
            "part": labels.name_part(view, row["breakdown"]),
            "slot": drawn.index(row["breakdown"]),
            "line": None if kind is Kind.FLOW else f"{row['period_start']} {find_epoch(row, broken)}",
            "as_of": row["as_of"],
            "state": "silent" if not row["stated"] else "withheld" if row["suppressed"] else "stated",
            "value": row["value"],
            "exact": row["qualifier"] == "exact",
            "share": row["share_low"] if row["share_low"] == row["share_high"] else None,
            "hover": _compose_hover(view, row),
            "claim_id": row["claim"],
        }
        for row in rows.to_dicts()
    ]
    return pl.DataFrame(made, schema=PART_SCHEMA).sort("slot", "as_of", "claim_id", maintain_order=True)


def _compose_hover(view: View, row: dict[str, Any]) -> str:
    words = view.words
    part = labels.name_part(view, row["breakdown"])
    lines = [f"<b>{words('overtime.hover', part=part, figure=_tell_amount(view, row))}</b>"]
    lines.append(words("hover.as_of", moment=words.day(row["as_of"])))
    if row["share_low"] is not None and row["share_low"] == row["share_high"]:
        total = words.amount(row["total_qualifier"], row["total"])
        lines.append(words("overtime.hover_share", share=words.percent(row["share_low"]), total=total))
    return "<br>".join(lines)


def _tell_amount(view: View, row: dict[str, Any]) -> str:
    return amounts.tell_amount(row, view.words) if row["stated"] else view.words("parts.unsaid")


def _tell_newest(view: View, row: dict[str, Any]) -> str:
    words = view.words
    part, day = labels.name_part(view, row["breakdown"]), words.day(row["as_of"])
    if row["suppressed"]:
        return words("overtime.part_withheld", part=part, day=day)
    return words("overtime.part", part=part, figure=_tell_amount(view, row), day=day)


def _explain_marks(view: View, points: pl.DataFrame, kind: Kind, panels: tuple[str, ...]) -> tuple[str, ...]:
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
    marks = [view.words(f"overtime.key_{mark}") for mark, shown in present.items() if shown]
    return (*marks, view.words("key.silence", days=view.words.days(SILENCE_DAYS)))
