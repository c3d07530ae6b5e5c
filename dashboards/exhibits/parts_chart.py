"""Parts of a figure as a chart: the latest bulletin whose parts fit, and every bulletin on its day.

A bulletin is drawn only where its parts and its total are exact,
none is withheld and they fit: what is left out
is named in the source line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.breakdown_panels import (
    FEWEST,
    PANELS,
    PHONE_HEIGHT,
    Bulletin,
    Columns,
    Part,
    ShareBar,
    draw_parts,
)
from dashboards.charts.timeseries import Lettering
from dashboards.exhibits import breakdowns, exhibit
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.figures_over_time import list_events
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import labels
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure, Qualifier

PEOPLE: Final = ("sex", "service", "age", "nationality")  # whose values name people: "35 were women"
BARS: Final = 4  # divisions of the latest bulletin at most
PARTS: Final = 6  # of a division at most
NAMED: Final = 2  # bulletins that are left out and named; more are counted
Row = dict[str, Any]


@dataclass(frozen=True)
class Whole:
    """The parts of one bulletin in one division (rows of `breakdowns`, by part), and why it is left out,
    if it is.

    `why`: `withheld`, `inexact`, `exceeds` (parts make more than the total), `short` (several make less).
    """

    day: date
    rows: tuple[Row, ...]
    why: str = ""

    @property
    def total(self) -> int:
        """The total that they belong to."""
        total: int = self.rows[0]["total"]
        return total

    @property
    def known(self) -> int:
        """What the parts make."""
        return sum(row["value"] for row in self.rows)

    @property
    def parts(self) -> tuple[str, ...]:
        """Which parts it states."""
        return tuple(row["breakdown"] for row in self.rows)


def list_wholes(rows: pl.DataFrame) -> list[Whole]:
    """Bulletins of one division (rows of `breakdowns`) that state parts and a total, in time order."""
    stated = rows.filter("stated", pl.col("total").is_not_null()).sort("as_of", "breakdown", "claim")
    return [
        _judge(tuple(group.unique("breakdown", maintain_order=True).to_dicts()))
        for group in stated.partition_by("as_of", "total_claim", maintain_order=True)
    ]


def _judge(rows: tuple[Row, ...]) -> Whole:
    day = rows[0]["as_of"]
    if any(row["suppressed"] for row in rows):
        return Whole(day, rows, "withheld")
    exact = all(row["qualifier"] == row["total_qualifier"] == Qualifier.EXACT for row in rows)
    if not exact or not rows[0]["total"]:
        return Whole(day, rows, "inexact")
    known, total = sum(row["value"] for row in rows), rows[0]["total"]
    if known > total:
        return Whole(day, rows, "exceeds")
    return Whole(day, rows, "short" if known < total and len(rows) > 1 else "")


def _choose(wholes: Sequence[Whole]) -> list[Whole]:
    """Those that fit and state the same parts: those that most bulletins state."""
    fitting = [each for each in wholes if not each.why and len(each.parts) <= PARTS]
    sets = [each.parts for each in fitting]
    if not sets:
        return []
    usual = max(dict.fromkeys(sets), key=lambda parts: (sets.count(parts), parts))
    one_a_day = {each.day: each for each in fitting if each.parts == usual}
    return list(one_a_day.values())


@remember
def make_parts_over_time(
    view: View,
    choice: str,
    span: tuple[date, date] | None = None,
    kinds: tuple[str, ...] = (),
    panels: tuple[str, ...] = PANELS,
) -> Exhibit | None:
    """The parts of one division (`breakdowns.list_divisions`); None where no bulletin's parts fit its total.

    `span` None begins shortly before the baseline, or with the first figure where nothing is newer; `kinds`
    of events are marked; `panels` of PANELS: the columns, the shares below them.
    """
    words = view.words
    organisation, measure, key = choice.split(" ")
    found = _read(view, organisation, measure).filter(key=key)
    process = view.situation.baseline - timedelta(days=LEAD_DAYS)
    whole = [each for each in list_wholes(found) if span is None or span[0] <= each.day <= span[1]]
    kept = _choose(whole)
    if not kept:
        return None
    if span is None and any(each.day >= process for each in kept):
        whole = [each for each in whole if each.day >= process]
        kept = [each for each in kept if each.day >= process]
    drawn = _newest_window(kept)
    shown = span or (drawn[0].day, max(drawn[-1].day, drawn[0].day + timedelta(days=1)))
    marked = list_events(view, *shown, kinds)
    latest = drawn[-1]
    order = [
        row["breakdown"] for row in sorted(latest.rows, key=lambda row: (-row["value"], row["breakdown"]))
    ]
    stock = Measure(measure).kind is Kind.STOCK
    columns = _make_columns(view, drawn, order, shown, [event for event, _ in marked], panels)
    heading = words("overtime.bars", total=words.number(latest.total), day=words.day(latest.day))
    draw = partial(
        draw_parts, _list_bars(view, organisation, measure, key, latest, order), heading, columns, stock,
        Lettering(words.tick, words.separators),
    )  # fmt: skip
    shown_rows = found.sort(
        "as_of", "breakdown", "period_start", "claim", descending=[True, False, False, False]
    )
    claims = claim_rows.find_claims(view, [row["claim"] for each in drawn for row in each.rows])
    frame = claim_rows.make_claim_frame(claims)
    shown_parts = {(each.day, each.parts) for each in drawn}
    others = [each for each in whole if not each.why and (each.day, each.parts) not in shown_parts]
    left_out = _tell_left_out(view, [each for each in whole if each.why], others)
    return Exhibit(
        name=f"{view.situation_id}-parts-over-time",
        title=compose_finding(view, choice, drawn, order),
        subtitle=words("overtime.subtitle", **breakdowns.name_facts(view, choice)),
        brief=words("overtime.brief", organisation=name_in_sentence(view, organisation)),
        summary=words.plural(
            "overtime.summary",
            len(drawn),
            day=words.day(latest.day),
            parts=words.listed([_tell_part(view, row) for row in latest.rows]),
            **breakdowns.name_facts(view, choice),
        ),
        source=" ".join(filter(None, (compose_source(view, frame), left_out))),
        figure=draw(),
        narrow=draw(PHONE, PHONE_HEIGHT) if len(drawn) >= FEWEST else draw(PHONE),
        fit=draw,
        key=(words("overtime.note"),) if len(drawn) >= FEWEST else (),
        events=tuple((event.label, link) for event, link in marked),
        heads=breakdowns.name_columns(view, measure),
        rows=breakdowns.make_rows(view, shown_rows.filter("stated").head(exhibit.SHOWN).to_dicts()),
        numeric=breakdowns.find_numeric(measure),
        columns=breakdowns.CSV_COLUMNS,
        whole=lambda: found,
    )


def _read(view: View, organisation: str, measure: str) -> pl.DataFrame:
    return database.read_mart(
        view.build,
        view.situation_id,
        "breakdowns",
        "as_of, breakdown, period_start, claim",
        known_on=view.known_on,
        equal=(("organisation", organisation), ("measure", measure)),
    )


def _newest_window(kept: list[Whole]) -> list[Whole]:
    """Of totals that count from several days those of the newest start: columns of two starts do not
    compare.
    """
    start = kept[-1].rows[0]["period_start"]
    flows = {each.rows[0]["period_start"] for each in kept} == {each.day for each in kept}
    return kept if flows else [each for each in kept if each.rows[0]["period_start"] == start]


def _make_columns(
    view: View,
    drawn: list[Whole],
    order: list[str],
    span: tuple[date, date],
    events: list[Any],
    panels: tuple[str, ...],
) -> Columns:
    words, names = view.words, [labels.name_part(view, part) for part in order]
    return Columns(
        heading=words("overtime.columns"),
        names=tuple(names),
        bulletins=tuple(_make_bulletin(view, each, order) for each in drawn),
        span=span,
        share=words("overtime.share", part=names[-1]),
        note=words("overtime.note"),
        events=tuple(events),
        panels=panels,
    )


def _make_bulletin(view: View, whole: Whole, order: list[str]) -> Bulletin:
    words = view.words
    rows = {row["breakdown"]: row for row in whole.rows}
    last = rows[order[-1]]["value"] / whole.total
    lines = [f"<b>{words.number(whole.total)}</b> · {words.day(whole.day)}"]
    for part in order:
        number, share = words.number(rows[part]["value"]), words.percent(rows[part]["value"] / whole.total)
        lines.append(words("overtime.hover", part=labels.name_part(view, part), figure=f"{number} ({share})"))
    return Bulletin(
        whole.day,
        tuple(rows[part]["value"] for part in order),
        whole.total,
        words.number(whole.total),
        words.percent(last),
        "<br>".join(lines),
        tuple(rows[part]["claim"] for part in order),
    )


def _list_bars(
    view: View, organisation: str, measure: str, key: str, latest: Whole, order: list[str]
) -> tuple[ShareBar, ...]:
    """The chosen division and the others of the same bulletin that fit its total, those with most
    figures first.
    """
    chosen = _make_bar(view, latest, order, chosen=True)
    rows = _read(view, organisation, measure)
    counts = {name: own.height for (name,), own in rows.group_by("key")}
    others = []
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        own = rows.filter(pl.col("key") == name, pl.col("as_of") == latest.day)
        fitting = [each for each in list_wholes(own) if not each.why and each.total == latest.total]
        if name != key and ";" not in name and fitting and len(fitting[0].rows) <= PARTS:
            parts = sorted(fitting[0].rows, key=lambda row: (-row["value"], row["breakdown"]))
            others.append(_make_bar(view, fitting[0], [row["breakdown"] for row in parts], chosen=False))
    return (chosen, *others[: BARS - 1])


def _make_bar(view: View, whole: Whole, order: list[str], chosen: bool) -> ShareBar:
    words, rows = view.words, {row["breakdown"]: row for row in whole.rows}
    parts = [
        Part(
            labels.name_part(view, part),
            rows[part]["value"],
            words.number(rows[part]["value"]),
            rows[part]["claim"],
        )
        for part in order
    ]
    if whole.known < whole.total:
        parts.insert(0, Part(words("overtime.others")))
    return ShareBar(tuple(parts), whole.total, chosen)


def compose_finding(view: View, choice: str, drawn: list[Whole], order: list[str]) -> str:
    """Of how many people how many were the smallest part, in the latest bulletin and in the first."""
    words, (_, measure, _) = view.words, choice.split(" ")
    first, last, part = drawn[0], drawn[-1], order[-1]
    value = {
        whole.day: next(row["value"] for row in whole.rows if row["breakdown"] == part)
        for whole in (first, last)
    }
    facts = {
        "total": words.number(last.total),
        "value": words.number(value[last.day]),
        "part": labels.name_part(view, part),
        "day": words.day(last.day),
        "measure": words(f"measure_in_sentence.{measure}"),
    }
    people = measure == Measure.IN_CUSTODY and part.partition("=")[0] in PEOPLE
    if not people:  # the part leads: whose name is no noun fits no sentence
        facts["part"] = facts["part"][:1].upper() + facts["part"][1:]
    held = "_held_part" if measure == Measure.IN_CUSTODY else ""
    key = "overtime.finding_held" if people else f"overtime.finding{held}"
    told = words.plural(key, last.total, **facts)
    if first.day == last.day:
        return told
    began = {
        "total": words.number(first.total),
        "value": words.number(value[first.day]),
        "day": words.day(first.day),
    }
    return words("overtime.finding_before" if people else "overtime.finding_before_part", told=told, **began)


def _tell_part(view: View, row: Row) -> str:
    words = view.words
    return words(
        "overtime.part", part=labels.name_part(view, row["breakdown"]), figure=words.number(row["value"])
    )


def _tell_left_out(view: View, left_out: list[Whole], others: list[Whole]) -> str:
    """Which bulletins are not drawn and why: the newest that do not add up by name, the others counted, and
    apart from them those that fit but state other parts (`others`).
    """
    words = view.words
    exceeding = [each for each in left_out if each.why == "exceeds"]
    told = [
        words(
            "overtime.exceeds",
            day=words.day(each.day),
            total=words.number(each.total),
            known=words.number(each.known),
        )
        for each in reversed(exceeding[-NAMED:])
    ]
    more = len(left_out) - len(told)
    if more:
        told.append(words.plural("overtime.left_out", more))
    if others:
        told.append(words.plural("overtime.other_parts", len(others), day=words.day(others[-1].day)))
    return " ".join(told)
