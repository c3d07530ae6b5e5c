"""Told as done by officials and verified by independent organisations: running totals on one scale."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.claims_panel import PHONE_HEIGHT, draw_claims
from dashboards.charts.panel_totals import Compared, PanelWords, Point, Promise, Total
from dashboards.charts.theme import choose_look
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import PHONE, Exhibit
from dashboards.exhibits.figures_over_time import choose_slot, make_chart_points, make_doubt_points
from dashboards.exhibits.release_totals import (
    ORDER,
    TOTALS,
    find_first_day,
    find_off_scale,
    lasts_long,
    list_series,
    read_newest_totals,
    read_totals,
)
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.comparison_matrix import MatrixCell, make_matrix
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.series import read_doubts, read_roles
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
    """Running totals by who states them, announcements as marks; the newest as a table, all in the CSV."""
    words = view.words
    series = list_series(view)
    shown = read_newest_totals(view, exhibit.SHOWN).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    totals = _make_totals(view, series)
    cell = _find_pair(view)
    marks = _list_announcements(view)
    draw = None
    drawn = [point.claim_id for total in totals for point in total.points]
    if totals:
        starts = [total.start for total in totals if total.start is not None]
        days = [point.day for total in totals for point in total.points]
        span = (min([*days, *starts]), max([*days, *(each.day for each in marks)]))
        compared = None if cell is None else _make_compared(view, cell)
        if cell is not None:
            drawn += [cell.left["claim"], cell.right["claim"]]
        off_scale = find_off_scale(view)
        drawn += [each.claim_id for each in marks]
        drawn += [each.claim_id for total in totals for each in total.doubted]
        drawn += [] if off_scale is None else [off_scale["claim_id"]]
        draw = partial(draw_claims, totals, marks, compared, _write_words(view, totals, off_scale), span)
    source = claim_rows.find_claims(view, drawn) if drawn else claims
    return Exhibit(
        name=f"{view.situation_id}-releases-by-role",
        title=compose_finding(view, cell, totals),
        subtitle=_compose_subtitle(view, series) if totals else "",
        brief=words("roles.brief") if totals else "",
        summary=_compose_summary(view, series) if series.height else words("roles.none"),
        source=compose_source(view, claim_rows.make_claim_frame(source)),
        figure=None if draw is None else draw(),
        narrow=None if draw is None else draw(PHONE, PHONE_HEIGHT),
        fit=draw,
        key=(words("roles.note_promise"),) if totals else (),
        events=tuple(
            (each.label, Link(each.hover, make_claim_address(view, each.claim_id), outside=False))
            for each in marks
        ),
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


def _compose_subtitle(view: View, ranked: pl.DataFrame) -> str:
    speakers = read_totals(view, ranked)["organisation"]
    return " ".join(filter(None, [view.words("roles.subtitle"), explain_short_names(view, speakers)]))


def compose_finding(view: View, cell: MatrixCell | None, totals: list[Total]) -> str:
    """Of two totals of one start and day what each said; else the newest totals, each with its day."""
    words = view.words
    if cell is not None:
        return words(
            "roles.finding",
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
        return words("roles.finding_single", name=only.name, number=only.number, day=day)
    told = [
        words(
            "roles.finding_one", name=each.name, number=each.number, day=words.short_day(each.points[-1].day)
        )
        for each in totals[:2]
    ]
    return words("roles.finding_totals", totals=words.listed(told))


@remember
def make_page_panel(view: View) -> Exhibit:
    """The same for the page that says the pair in its headline: until when each of both gave a total."""
    words, made = view.words, make_releases_by_role(view)
    totals = _make_totals(view, list_series(view))
    officials = {
        name_short(view, each): each
        for each, role in read_roles(view.build, view.situation_id).items()
        if role == "government"
    }
    official = next((each for each in totals if each.name in officials), None)
    if _find_pair(view) is None or official is None or official is totals[0]:
        return made
    names = (name_subject(view, officials[official.name], first=True), totals[0].name)
    facts = {
        f"{side}{name}": value
        for side, each, own in zip(("official", "verifier"), (official, totals[0]), names, strict=True)
        for name, value in (
            ("", own),
            ("_number", each.number),
            ("_day", words.short_day(each.points[-1].day)),
        )
    }
    return replace(made, title=words("roles.page_finding", **facts))


def _find_pair(view: View) -> MatrixCell | None:
    """The pair that heads the page, where both totals are exact and of one day."""
    matrix = make_matrix(view)
    found = matrix.comparable if matrix is not None else []
    if not found or found[0].bound or found[0].low is None or found[0].low != found[0].high:
        return None
    return found[0]


def _make_compared(view: View, cell: MatrixCell) -> Compared:
    words = view.words
    sides = sorted((cell.left, cell.right), key=lambda side: -side["value"])
    points = [_make_point(view, side) for side in sides]
    looks = [choose_look(choose_slot(view, side["organisation"], side["measure"])) for side in sides]
    numbers = (words.number(sides[0]["value"]), words.number(sides[1]["value"]))
    return Compared(
        points[0],
        points[1],
        (looks[0], looks[1]),
        numbers,
        words(
            "roles.compare",
            upper=numbers[0],
            lower=numbers[1],
            start=words.tick(cell.left["period_start"], "MMMd"),
            day=words.tick(cell.left["as_of"], "MMMd"),
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


def _make_totals(view: View, ranked: pl.DataFrame) -> list[Total]:
    """The totals to draw: the primary organisation's, officials', then the others."""
    rows = read_totals(view, ranked)
    day = "yMMMd" if lasts_long(rows["as_of"].to_list()) else "MMMd"
    alone = rows.select("organisation", "baseline").n_unique() == 1
    found = []
    for own in rows.partition_by("organisation", "baseline", maintain_order=True):
        organisation, start = own["organisation"][0], own["baseline"][0]
        stated = make_chart_points(view, own)
        points = (
            stated.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
            .sort("as_of", "claim_id")
            .unique("as_of", keep="last", maintain_order=True)
        )
        if points.is_empty():
            continue
        made = tuple(
            Point(row["as_of"], row["low"], row["hover"], row["claim_id"]) for row in points.to_dicts()
        )
        words = view.words
        found.append(
            Total(
                made,
                choose_look(points["slot"][0]),
                name_short(view, organisation),
                words.number(made[-1].value),
                words.tick(made[-1].day, day),
                start,
                f"{words.number(made[0].value)}, {words.tick(made[0].day, day)}" if alone else "",
                doubted=tuple(_list_doubts(view, organisation, start, stated)),
            )
        )
    return found


def _list_doubts(view: View, organisation: str, start: date | None, points: pl.DataFrame) -> list[Point]:
    """What is in doubt or contradicted beside a total (`points` as charts draw it): it is on no line."""
    measure = Measure.RELEASED_TO_DATE
    doubted = read_doubts(
        view.build, view.situation_id, measure, (organisation,), view.population(measure),
        known_on=view.known_on,
    ).filter(
        pl.col("as_of").is_between(find_first_day(view), view.today),
        pl.col("value").is_not_null(),
        pl.col("baseline").eq_missing(pl.lit(start, dtype=pl.Date)),
    )  # fmt: skip
    unsettled = points.filter(pl.col("low") == pl.col("high"), pl.col("contradicted"))
    return [
        Point(row["as_of"], row["value"], row["hover"], row["claim_id"])
        for row in (*make_doubt_points(view, doubted).to_dicts(), *unsettled.to_dicts())
    ]


def _write_words(view: View, totals: list[Total], off_scale: dict[str, Any] | None) -> PanelWords:
    words = view.words
    starts = sorted({each.start for each in totals if each.start is not None})
    day_form = "yMMMd" if lasts_long([*starts, *(each.points[-1].day for each in totals)]) else "MMMd"
    flags = tuple((day, words("roles.flag", day=words.tick(day, day_form))) for day in starts)
    differ = len({each.start for each in totals}) > 1
    notes = []
    if differ:
        told = [
            words("roles.counts_from", number=each.number, day=words.short_day(each.start))
            for day in starts
            for each in [next(total for total in totals if total.start == day)]
            if each.start is not None
        ]
        notes.append(words("roles.starts_told", told=words.listed(told)))
    if off_scale is not None:
        notes.append(
            words(
                "roles.off_scale",
                amount=amounts.tell_amount(off_scale, words),
                organisation=view.names[off_scale["organisation"]],
                day=words.short_day(off_scale["as_of"]),
            )
        )
    return PanelWords(
        words.tick, words.separators, words("roles.announced_lane"), words("roles.starts") if differ else "",
        tuple(notes) if differ else (), flags,
        words.plural("roles.doubt", sum(len(each.doubted) for each in totals)),
    )  # fmt: skip


def _list_announcements(view: View) -> list[Promise]:
    """What was announced, a mark each, in time order."""
    words = view.words
    rows = database.read_mart(
        view.build, view.situation_id, "announcements", "as_of, organisation", known_on=view.known_on
    )
    marks = []
    for row in rows.filter(pl.col("as_of").is_between(find_first_day(view), view.today)).to_dicts():
        amount = words.amount(row["qualifier"], row["announced"])
        text = words(
            "roles.announced",
            day=words.short_day(row["as_of"]),
            organisation=view.names[row["organisation"]],
            amount=amount,
        )
        label = words("roles.announced_short", day=words.tick(row["as_of"], "MMMd"), amount=amount)
        marks.append(Promise(row["as_of"], label, text, row["announced"], row["claim"]))
    return marks


def _compose_summary(view: View, series: pl.DataFrame) -> str:
    """How many figures there are of each stage, and the newest of each."""
    words = view.words
    figures = dict(series.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    stages = [stage for stage in STAGES if stage in figures]
    counts = [words.plural(f"roles.count_{stage}", figures[stage]) for stage in stages]
    newest = [
        read_newest_totals(view, 1, stage=stage).row(0, named=True) for stage in stages if stage in TOLD
    ]
    claims = claim_rows.find_claims(view, (row["claim"] for row in newest))
    told = [_tell_newest(view, row, claims[row["claim"]]) for row in newest]
    return words("roles.summary", counts=words.listed(counts), newest=" ".join(told))


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
