"""How far apart two registers are that count one thing, over time; and the ranges of all registers by
their days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.gap_panel import GapLine, GapPanel, GapPoint, draw_gap
from dashboards.charts.theme import choose_look
from dashboards.charts.timeseries import Lettering
from dashboards.exhibits import comparisons
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.figures_over_time import choose_slot, explain_dots
from dashboards.i18n.translations import Words
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import claim_rows, database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import labels
from dashboards.text.organisations import explain_short_names, name_short, name_subject
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure, Qualifier

THINGS: Final = 3  # of which gaps are told
MATCHED: Final = 2  # days that two registers must share before their gap is told
PHONE_HEIGHT: Final = 480.0


@dataclass(frozen=True)
class Register:
    """Two who count one thing: their exact figures (as in `series.read_series`), while both speak."""

    measure: Measure
    rows: tuple[pl.DataFrame, pl.DataFrame]  # left, right; in time order
    pairs: list[dict[str, Any]]  # rows of `gaps`, exact, both of one day, in time order

    @property
    def apart(self) -> list[int]:
        """How many people apart on each day of both: the left side less the right one."""
        return [pair["left_value"] - pair["right_value"] for pair in self.pairs]


@remember
def make_gaps(view: View) -> Exhibit:
    """How far apart those are who share most days on who is held (else on another thing), and in a sentence
    on other things; the CSV has every pair that compares.
    """
    words, found = view.words, find_registers(view)
    name = f"{view.situation_id}-gaps"
    count = comparisons.count_pairs(view, True, None)
    if not found:
        return replace(comparisons.make_comparison(view, True, None, 1), name=name)
    panel = _make_panel(view, found[0], found[1:])
    frame = pl.concat([rows for each in found for rows in each.rows])
    draw = partial(draw_gap, panel, Lettering(words.tick, words.separators))
    claims = claim_rows.find_claims(view, frame["claim_id"])
    return Exhibit(
        name=name,
        title=compose_finding(view, found[0]),
        subtitle=_compose_subtitle(view, found, "gaps.subtitle"),
        brief=_compose_subtitle(view, found, "gaps.brief"),
        summary=words.plural("gaps.told", count, told=" ".join(_tell_register(view, each) for each in found)),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        figure=draw(),
        narrow=draw(PHONE, PHONE_HEIGHT),
        fit=draw,
        frame=frame,
        heads=tuple(words(f"table.{column}") for column in ("what", "left", "right", "difference")),
        rows=tuple(_make_row(view, each, pair) for each in found for pair in reversed(each.pairs)),
        numeric=(3,),
        key=explain_dots(words, [[point.day for point in line.points] for line in panel.lines]),
        columns=comparisons.CSV_COLUMNS,
        whole=lambda: comparisons.read_pairs(view, True, None),
    )


def _compose_subtitle(view: View, found: list[Register], key: str) -> str:
    """What is shaded from which day to which, and the names of those who stand in the picture in short."""
    words, days = view.words, [pair["left_as_of"] for pair in found[0].pairs]
    texts = [words(key, first=words.short_day(days[0]), last=words.short_day(days[-1]))]
    if found[0].measure.kind is not Kind.STOCK:
        texts.append(words("gaps.not_free"))
    speakers = [rows["organisation"][0] for each in found for rows in each.rows]
    return " ".join(filter(None, [*texts, explain_short_names(view, speakers)]))


@remember
def find_registers(view: View) -> list[Register]:
    """For each thing the two speakers who share most days with exact figures, independent ones first."""
    since = view.situation.baseline - timedelta(days=LEAD_DAYS)
    pairs = database.ask(
        view.build,
        "registers_matched",
        situation=view.situation_id,
        known_on=view.known_on,
        since=since,
        until=view.today,
        measures=[str(each) for each in Measure if each.kind is not Kind.FLOW],
        least=MATCHED,
    )
    ordered = sorted(
        (
            group.unique(["left_as_of"], maintain_order=True)
            for group in pairs.partition_by("left_measure", maintain_order=True)
        ),
        key=lambda group: (
            Measure(group["left_measure"][0]).kind is not Kind.STOCK,
            -group.height,
            group["left_role"][0] not in ("ngo", "government"),
        ),
    )
    found = [_read_register(view, group, since) for group in ordered]
    return [each for each in found if len(each.pairs) >= MATCHED][:THINGS]


def _read_register(view: View, group: pl.DataFrame, since: date) -> Register:
    first = group.row(0, named=True)
    rows = []
    for side in ("left", "right"):
        told = series.read_series(
            view.build,
            view.situation_id,
            first[f"{side}_measure"],
            (first[f"{side}_organisation"],),
            first[f"{side}_population"],
            first[f"{side}_breakdown"],
            known_on=view.known_on,
        )
        start = pl.col("period_start").eq_missing(pl.lit(first[f"{side}_period_start"], dtype=pl.Date))
        rows.append(
            told.filter(
                start, pl.col("as_of").is_between(since, view.today), pl.col("qualifier") == Qualifier.EXACT,
                ~pl.col("contradicted"),
            ).sort("as_of")
        )  # fmt: skip
    until = min((each["as_of"].to_list()[-1] for each in rows if each.height), default=view.today)
    left, right = (each.filter(pl.col("as_of") <= until) for each in rows)
    drawn = set(left["as_of"]) & set(right["as_of"])
    pairs = [pair for pair in group.to_dicts() if pair["left_as_of"] in drawn]
    return Register(Measure(first["left_measure"]), (left, right), pairs)


def _make_panel(view: View, register: Register, others: Sequence[Register]) -> GapPanel:
    words = view.words
    lines = []
    for rows in register.rows:
        organisation = rows["organisation"][0]
        points = tuple(_make_point(view, row) for row in rows.to_dicts())
        last = words("gaps.end", who=name_short(view, organisation), day=_tell_day(points[-1], words))
        lines.append(
            GapLine(
                points,
                choose_look(choose_slot(view, organisation, rows["measure"][0])),
                (words.number(points[0].value), _tell_day(points[0], words)),
                (words.number(points[-1].value), last),
            )
        )
    matched = tuple(
        (pair["left_as_of"], words.number(abs(apart)))
        for pair, apart in zip(register.pairs, register.apart, strict=True)
    )
    notes = tuple(_tell_beside(view, each) for each in others)
    return GapPanel(_name_thing(view, register), (lines[0], lines[1]), matched, notes)


def _tell_beside(view: View, register: Register) -> str:
    """How far apart two are on another thing, in one sentence."""
    left, right = (name_short(view, rows["organisation"][0]) for rows in register.rows)
    apart, thing = _tell_apart(view, register), _name_thing(view, register)
    return view.words("gaps.beside", thing=thing, left=left, right=right, apart=apart)


def _make_point(view: View, row: dict[str, Any]) -> GapPoint:
    name, publisher = view.names[row["organisation"]], view.publisher(row["publisher"])
    hover = labels.compose_hover(row, name, publisher, view.words, view.known_on is None)
    return GapPoint(row["as_of"], row["value"], hover, row["claim_id"])


def _tell_day(point: GapPoint, words: Words) -> str:
    return words.tick(point.day, "MMMd")


def _name_thing(view: View, register: Register) -> str:
    words, pair = view.words, register.pairs[0]
    key = f"gaps.thing_{register.measure}"
    thing = words(key) if words.has(key) else words(f"measure.{register.measure}")
    start = pair["right_period_start"]
    return words("gaps.since", thing=thing, day=words.tick(start, "MMMd")) if start else thing


def _tell_apart(view: View, register: Register) -> str:
    """From how many to how many people apart, on how many days."""
    words, sizes = view.words, sorted(abs(each) for each in register.apart)
    return words.plural("gaps.apart", len(sizes), amount=_tell_sizes(words, sizes))


def _tell_sizes(words: Words, sizes: list[int]) -> str:
    low, high = words.number(sizes[0]), words.number(sizes[-1])
    return low if sizes[0] == sizes[-1] else words("gaps.range", low=low, high=high)


def _tell_register(view: View, register: Register) -> str:
    words, newest = view.words, register.pairs[-1]
    return words(
        "gaps.newest",
        thing=_name_thing(view, register),
        left=view.names[newest["left_organisation"]],
        left_value=words.number(newest["left_value"]),
        left_day=words.short_day(newest["left_as_of"]),
        right=view.names[newest["right_organisation"]],
        right_value=words.number(newest["right_value"]),
        right_day=words.short_day(newest["right_as_of"]),
    )


def compose_finding(view: View, register: Register) -> str:
    """What the picture shows: who counted how many more or fewer on the days of both, if it was always so."""
    words, pairs, apart = view.words, register.pairs, register.apart
    key = "more" if min(apart) > 0 else "fewer" if max(apart) < 0 else "mixed"
    stock = "held" if register.measure.kind is Kind.STOCK else "left"
    sizes = sorted(abs(each) for each in apart)
    return words.plural(
        f"gaps.finding_{stock}_{key}",
        sizes[-1],
        days=words.days(len(pairs)),
        amount=_tell_sizes(words, sizes),
        most=words.number(sizes[-1]),
        left=name_subject(view, pairs[0]["left_organisation"], first=True),
        right=name_subject(view, pairs[0]["right_organisation"]),
    )


def _make_row(view: View, register: Register, pair: dict[str, Any]) -> tuple[Any, ...]:
    return (
        _name_thing(view, register),
        *(
            [comparisons.link_side(view, pair, side), view.words.short_day(pair[f"{side}_as_of"])]
            for side in ("left", "right")
        ),
        comparisons.tell_difference(view, pair),
    )
