"""Told as done by officials and verified by independent organisations: two running totals on one scale."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.claims_panel import PHONE_HEIGHT, draw_claims
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Total
from dashboards.charts.theme import choose_look
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.figures_over_time import choose_slot, explain_dots, make_chart_points
from dashboards.exhibits.release_totals import (
    ORDER,
    TOTALS,
    choose_totals,
    count_doubts,
    find_amnesty_total,
    find_other_total,
    gives_totals,
    lasts_long,
    list_series,
    read_newest,
    read_told_totals,
    read_totals,
)
from dashboards.exhibits.stories import tell_not_drawn
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.comparison_matrix import MatrixCell, make_matrix
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.organisations import explain_short_names, name_short, name_subject
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Measure

STAGES: Final = ("announced", "claimed", "verified", "repeated")
TOLD: Final = ("announced", *TOTALS)  # those whose newest figure the summary names
COLUMNS: Final = (
    "role", "organisation", "stage", "measure", "population", "breakdown", "period_start", "as_of",
    "qualifier", "value", "low", "high", "published", "claim",
)  # fmt: skip


@remember
def make_releases_by_role(view: View) -> Exhibit:
    """What officials say and what was verified, two running totals; what is drawn, then the newest of all as
    a table, all in the CSV.
    """
    words = view.words
    ranked = list_series(view)
    cell = _find_pair(view)
    points = read_totals(view, ranked)
    chosen = choose_totals(view, points, cell)
    other = find_other_total(view, points, chosen)
    met = _list_met(chosen, cell)
    totals = [_make_total(view, own, met) for own in chosen]
    draw = None
    drawn = [point.claim_id for total in totals for point in total.points]
    if totals:
        sides = () if cell is None else (cell.left, cell.right)
        compared = [_make_compared(view, side) for side in sides]
        told = _write_words(view, totals, other, count_doubts(view, chosen), met)
        days = [point.day for total in totals for point in total.points] + [day for day, _ in told.starts]
        since = min(days) - (max(days) - min(days)) // 40
        draw = partial(draw_claims, totals, compared, told, (since, max(days)))
        drawn += [side["claim"] for side in sides]
    lines = [[point.day for point in total.points] for total in totals]
    shown = _list_shown(view, ranked, chosen, drawn)
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    source = claim_rows.find_claims(view, drawn) if drawn else claims
    return Exhibit(
        name=f"{view.situation_id}-releases-by-role",
        title=compose_finding(view, cell, totals, [own["organisation"][0] for own in chosen]),
        subtitle=_compose_subtitle(view, cell, chosen),
        brief=_compose_subtitle(view, cell, chosen, "brief"),
        summary=_compose_summary(view, ranked) if ranked.height else words("roles.none"),
        source=compose_source(view, claim_rows.make_claim_frame(source)),
        figure=None if draw is None else draw(),
        narrow=None if draw is None else draw(PHONE, PHONE_HEIGHT),
        fit=draw,
        key=(*(_tell_apart(view) if totals else ()), *explain_dots(words, lines)),
        heads=tuple(
            words(f"table.{column}")
            for column in ("as_of", "stage", "who", "role", "what", "figure", "published")
        ),
        rows=tuple(_make_row(view, row, claims[row["claim"]]) for row in shown),
        numeric=(5,),
        columns=COLUMNS,
        whole=lambda: database.read_mart(
            view.build, view.situation_id, "releases_by_role", ORDER, known_on=view.known_on
        ),
    )


def _list_shown(
    view: View, ranked: pl.DataFrame, chosen: list[pl.DataFrame], drawn: list[str]
) -> list[dict[str, Any]]:
    """The rows of the table: what the picture draws, then the newest of all."""
    told = [row for own in chosen for row in read_told_totals(view, own["organisation"][0]).to_dicts()]
    first = {row["claim"]: row for row in told if row["claim"] in drawn}
    newest = {row["claim"]: row for row in read_newest(view, ranked, exhibit.SHOWN).to_dicts()}
    return list((first | newest).values())[: exhibit.SHOWN]


def _compose_subtitle(
    view: View, cell: MatrixCell | None, chosen: list[pl.DataFrame], form: str = "subtitle"
) -> str:
    """What is counted, and from when; what the initials of those drawn stand for."""
    if not chosen:
        return ""
    words = view.words
    if all(own["baseline"].is_null().all() for own in chosen):
        told = words(f"roles.{form}_undated")
    elif cell is None:
        told = words(f"roles.{form}")
    else:
        told = words(f"roles.{form}_both", start=words.short_day(cell.left["period_start"]))
    return " ".join(
        filter(None, [told, explain_short_names(view, [own["organisation"][0] for own in chosen])])
    )


def _tell_apart(view: View) -> tuple[str, ...]:
    """The newest official total of all whom an amnesty covers: another thing, which is in no drawing."""
    words, told = view.words, find_amnesty_total(view)
    if told is None:
        return ()
    facts = {
        "amount": amounts.tell_amount(told, words),
        "organisation": view.names[told["organisation"]],
        "day": words.short_day(told["as_of"]),
    }
    many = 2 if told["value"] is None else told["value_high"] or told["value"]
    return (words.plural("roles.apart", many, **facts),)


def compose_finding(view: View, cell: MatrixCell | None, totals: list[Total], speakers: list[str]) -> str:
    """Of two totals of one start and day what each said; else the newest totals of `speakers`, each with its
    day.
    """
    words = view.words
    if cell is not None:
        return words.plural(
            "roles.finding",
            cell.left["value"],
            official=name_subject(view, cell.left["organisation"], first=view.language == "en"),
            claimed=words.number(cell.left["value"]),
            verifier=name_subject(view, cell.right["organisation"]),
            verified=words.number(cell.right["value"]),
            start=words.short_day(cell.left["period_start"]),
            day=words.short_day(cell.left["as_of"]),
        )
    if not totals:
        return words("roles.title")
    if len(totals) == 1:
        (only,) = totals
        day = words.day(only.points[-1].day)
        many = only.points[-1].value
        name = name_subject(view, speakers[0])
        return words.plural("roles.finding_single", many, name=name, number=only.number, day=day)
    told = [
        words(
            "roles.finding_one", name=each.name, number=each.number, day=words.short_day(each.points[-1].day)
        )
        for each in totals[:2]
    ]
    return words("roles.finding_totals", totals=words.listed(told))


@remember
def make_page_panel(view: View) -> Exhibit:
    """The same for the page that says the pair in its headline: the last figure of each of both totals."""
    words, made, cell = view.words, make_releases_by_role(view), _find_pair(view)
    chosen = choose_totals(view, read_totals(view, list_series(view)), cell)
    if cell is None or len(chosen) < 2:
        return made
    facts = {
        f"{side}{name}": value
        for side, own in zip(("official", "verifier"), chosen, strict=True)
        for name, value in (
            ("", name_subject(view, own["organisation"][0])),
            ("_number", words.number(own["value"][-1])),
            ("_day", words.short_day(own["as_of"][-1])),
        )
    }
    start = words.short_day(cell.left["period_start"])
    return replace(made, title=words("roles.page_finding", start=start, **facts))


def _find_pair(view: View) -> MatrixCell | None:
    """The pair that heads the page, where both totals are exact and of one day."""
    matrix = make_matrix(view)
    found = matrix.comparable if matrix is not None else []
    if not found or found[0].bound or found[0].low is None or found[0].low != found[0].high:
        return None
    sides = (found[0].left, found[0].right)
    return found[0] if all(side["measure"] == Measure.RELEASED_TO_DATE for side in sides) else None


def _make_compared(view: View, side: dict[str, Any]) -> Compared:
    """One side of the pair: who says so or verified it, and when."""
    words = view.words
    official = side["role"] == "government"
    return Compared(
        _make_point(view, side),
        choose_look(choose_slot(view, side["organisation"], side["measure"])),
        words.number(side["value"]),
        words(
            "roles.says" if official else "roles.verified",
            name=name_subject(view, side["organisation"]),
            day=words.tick(side["as_of"], "MMMd"),
        ),
    )


def _make_point(view: View, side: dict[str, Any]) -> Point:
    words = view.words
    start = words("window.since", day=words.short_day(side["period_start"]))
    hover = words(
        "roles.hover",
        number=words.number(side["value"]),
        organisation=view.names[side["organisation"]],
        day=words.day(side["as_of"]),
        start=start,
    )
    return Point(side["as_of"], side["value"], hover, side["claim"])


def _list_met(chosen: list[pl.DataFrame], cell: MatrixCell | None) -> list[date]:
    """The days beside the pair's on which both totals of one start have a figure, and are farther apart."""
    if cell is None or len(chosen) < 2:
        return []
    official, verified = (dict(own.select("as_of", "value").iter_rows()) for own in chosen)
    both = sorted(official.keys() & verified.keys() - {cell.left["as_of"]})
    return [day for day in both if abs(official[day] - verified[day]) > abs(cell.low or 0)]


def _make_total(view: View, own: pl.DataFrame, met: list[date]) -> Total:
    """A total (rows of `read_totals`) as it is drawn: who says so, or who verified. Days both `met`: the last
    is told.
    """
    words, organisation = view.words, own["organisation"][0]
    points = (
        make_chart_points(view, own)
        .sort("as_of", "claim_id")
        .unique("as_of", keep="last", maintain_order=True)
    )
    made = tuple(Point(row["as_of"], row["low"], row["hover"], row["claim_id"]) for row in points.to_dicts())
    day = "yMMMd" if lasts_long([point.day for point in made]) else "MMMd"
    told = [point for point in made[:-1] if point.day in met[-1:]]
    return Total(
        made,
        choose_look(points["slot"][0]),
        name_short(view, organisation),
        words.number(made[-1].value),
        words.tick(made[-1].day, day),
        own["baseline"][0],
        also=tuple((point, words.number(point.value), words.tick(point.day, day)) for point in told),
    )


def _write_words(
    view: View, totals: list[Total], other: pl.DataFrame | None, doubts: tuple[int, int], met: list[date]
) -> PanelWords:
    """Flags where totals start on days of their own, and what may not be subtracted."""
    words = view.words
    starts = sorted({each.start for each in totals if each.start is not None})
    differ = len({each.start for each in totals}) > 1
    notes, warning = [], ""
    if differ:
        warning = words("roles.starts")
        told = [
            words("roles.counts_from", number=each.number, day=words.short_day(day))
            for day in starts
            for each in totals
            if each.start == day
        ]
        notes.append(words("roles.starts_told", told=words.listed(told)))
    if other is not None:
        row = other.row(-1, named=True)
        facts = {
            "name": name_subject(view, row["organisation"], first=True),
            "number": words.number(row["value"]),
            "day": words.short_day(row["as_of"]),
        }
        start = row["baseline"]
        key = "roles.other" if start is not None else "roles.other_undated"
        notes.append(words(key, start="" if start is None else words.tick(start, "MMMd"), **facts))
        warning = warning or words("roles.other_starts", **facts)
    if met:
        both = [next(point for point in total.points if point.day == met[-1]) for total in totals]
        sides = dict(zip(("official", "verified"), (words.number(each.value) for each in both), strict=True))
        notes.append(words("roles.met", day=words.tick(met[-1], "MMMd"), **sides))
    form = "yMMMd" if lasts_long([*starts, *(each.points[-1].day for each in totals)]) else "MMMd"
    flags = tuple((day, words("roles.flag", day=words.tick(day, form))) for day in starts)
    notes += [f"{each}." for each in tell_not_drawn(words, *doubts)]
    return PanelWords(words.tick, words.separators, warning, tuple(notes), flags if differ else ())


def _compose_summary(view: View, series: pl.DataFrame) -> str:
    """How many figures there are of each stage, and the newest of each; how many of all the table shows."""
    words = view.words
    figures = dict(series.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    stages = [stage for stage in STAGES if stage in figures]
    counts = [words.plural(f"roles.count_{stage}", figures[stage]) for stage in stages]
    newest = [
        read_newest(view, series, 1, stage=stage).row(0, named=True) for stage in stages if stage in TOLD
    ]
    claims = claim_rows.find_claims(view, (row["claim"] for row in newest))
    told = [_tell_newest(view, row, claims[row["claim"]]) for row in newest]
    summary = words("roles.summary", counts=words.listed(counts), newest=" ".join(told))
    whole = sum(figures.values())
    if whole > exhibit.SHOWN:
        shown = words.number(exhibit.SHOWN)
        summary += f" {words('roles.shown', shown=shown, all=words.number(whole))}"
    return summary if gives_totals(series) else f"{words('roles.in_part')} {summary}"


def _tell_newest(view: View, row: dict[str, Any], claim: dict[str, Any]) -> str:
    words = view.words
    return words(
        "roles.newest",
        stage=words(f"roles.stage_{row['stage']}"),
        organisation=view.names[row["organisation"]],
        figure=amounts.tell_claim_amount(view, claim),
        what=labels.lower_first(labels.name_with_window(view, claim)),
        day=words.day(row["as_of"]),
    )


def _make_row(view: View, row: dict[str, Any], claim: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    return (
        words.short_day(row["as_of"]),
        words(f"roles.stage_{row['stage']}"),
        view.names[row["organisation"]],
        words(f"roles.role_{row['role']}"),
        labels.name_with_window(view, claim),
        Link(amounts.tell_claim_amount(view, claim), make_claim_address(view, row["claim"]), outside=False),
        words.short_day(row["published"]),
    )
