"""Announced, told as done by officials, verified by independent organisations: from promise to fact."""

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from dashboards.charts.announcement_bars import AnnouncedBar, draw_announcements
from dashboards.charts.axes import Event
from dashboards.charts.timeseries import Lettering, Panel, draw_panels
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import (
    Exhibit,
    count_rows,
    end_time_axis,
    list_newest_rows,
    make_from_mart,
)
from dashboards.exhibits.figures_over_time import explain_marks, make_chart_points, make_doubt_points
from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.headline import LEAD_DAYS
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.series import read_doubts, read_series
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Measure

HORIZONS: Final = (7, 14, 30)  # days after an announcement
ANNOUNCEMENT_COLUMNS: Final = (
    "as_of", "organisation", "role", "population", "breakdown", "qualifier", "announced", "published",
    "claim", "verifier", "broken_on", "verified_same_week", "verified_7_low", "verified_7_high",
    "verified_14_low", "verified_14_high", "verified_30_low", "verified_30_high",
    "share_7_low", "share_7_high", "share_14_low", "share_14_high", "share_30_low", "share_30_high",
    "contradicted", "verified_claims",
)  # fmt: skip


@remember
def make_announcements(view: View) -> Exhibit:
    """What was announced and what the primary organisation had verified 7, 14 and 30 days later."""
    words, shown = view.words, list_newest_rows(view, "announcements", exhibit.SHOWN)
    summary = words("announced.none")
    if shown:
        first = shown[0]
        announced = words.amount(first["qualifier"], first["announced"])
        seven, fourteen, thirty = (_tell_verified(view, first, days) for days in HORIZONS)
        summary = words.plural(
            "announced.summary",
            count_rows(view, "announcements"),
            organisation=view.names[first["organisation"]],
            announced=words.plural("amount.people", first["announced"], amount=announced),
            day=words.day(first["as_of"]),
            verifier=view.names[first["verifier"]],
            seven=seven,
            fourteen=fourteen,
            thirty=thirty,
        )
    return make_from_mart(
        view,
        "announcements",
        ANNOUNCEMENT_COLUMNS,
        shown,
        ("claim",),
        title=words("announced.title"),
        summary=summary,
        figure=draw_announcements([_make_bar(view, row) for row in shown[:DRAWN]], words.separators)
        if shown
        else None,
        heads=(
            words("table.as_of"),
            words("table.who"),
            words("table.announced"),
            words("announced.week"),
            *(words.plural("announced.after", days) for days in HORIZONS),
        ),
        rows=tuple(_make_announcement_row(view, row) for row in shown),
        numeric=(),
        key=(words("announced.bar"), words("announced.hatched"), words("announced.note")) if shown else (),
    )


DRAWN: Final = 6  # announcements in the picture: the newest


def _make_bar(view: View, row: dict[str, Any]) -> AnnouncedBar:
    """One announcement as a bar; by each horizon what was verified, as a range where it is one."""
    words = view.words
    told = [
        words(
            "announced.by",
            days=days,
            amount=_shorten(view, row[f"verified_{days}_low"], row[f"verified_{days}_high"]),
        )
        for days in HORIZONS
    ]
    heading = words(
        "announced.heading",
        day=words.short_day(row["as_of"]),
        organisation=view.names[row["organisation"]],
        amount=words.amount(row["qualifier"], row["announced"]),
    )
    known = [row[f"verified_{days}_low"] for days in HORIZONS if row[f"verified_{days}_low"] is not None]
    verified = words("announced.verified", verifier=view.names[row["verifier"]], told=" · ".join(told))
    return AnnouncedBar(
        heading=heading,
        verified=verified,
        announced=row["announced"],
        certain=known[-1] if known else None,
        possible=row[f"verified_{HORIZONS[-1]}_high"],
        ticks=tuple(dict.fromkeys(known)),
        hover=f"{heading}<br>{verified}",
        claim_id=row["claim"],
    )


def _shorten(view: View, low: int | None, high: int | None) -> str:
    """A range in the fewest letters; a question mark where nothing is known."""
    number = view.words.number
    if low is None:
        return "?" if high is None else f"≤ {number(high)}"
    if high is None:
        return f"≥ {number(low)}"
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _make_announcement_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    week = row["verified_same_week"]
    return (
        words.short_day(row["as_of"]),
        view.names[row["organisation"]],
        Link(
            words.amount(row["qualifier"], row["announced"]),
            make_claim_address(view, row["claim"]),
            outside=False,
        ),
        words("announced.unknown") if week is None else words.number(week),
        *(_tell_verified(view, row, days) for days in HORIZONS),
    )


def _tell_verified(view: View, row: dict[str, Any], days: int) -> str:
    """How many were verified by then, and which share of the announced; null is not known."""
    words = view.words
    low, high = row[f"verified_{days}_low"], row[f"verified_{days}_high"]
    if low is None and high is None:
        if days in row["contradicted"]:
            return words("announced.contradicted")
        broken = row["broken_on"] is not None and row["broken_on"] <= row["as_of"] + timedelta(days=days)
        return words("announced.broken" if broken else "announced.unknown")
    amount = amounts.tell_between(view, low, high)
    share = _tell_share(view, row[f"share_{days}_low"], row[f"share_{days}_high"])
    return words("announced.share", amount=amount, share=share) if share else amount


def _tell_share(view: View, low: float | None, high: float | None) -> str:
    """The share verified, as far as it is known; empty where nothing is."""
    words = view.words
    if low is not None and high is not None:
        if low == high:
            return words.percent(low)
        return words("qualifier.range", low=words.percent(low), high=words.percent(high))
    if low is not None:
        return words("qualifier.at_least", value=words.percent(low))
    return "" if high is None else words("qualifier.at_most", value=words.percent(high))


STAGES: Final = ("announced", "claimed", "verified", "repeated")
TOTALS: Final = ("claimed", "verified")  # the stages whose running totals are drawn
TOLD: Final = ("announced", *TOTALS)  # those whose newest figure the summary names
SERIES_DRAWN: Final = 5  # those with most figures
DRAWN_FROM: Final = 3  # days with an exact figure: fewer are no line, and stand in the table
ORDER: Final = "as_of DESC, published DESC, organisation, measure, claim"
COLUMNS: Final = (
    "role", "organisation", "stage", "measure", "population", "breakdown", "period_start", "as_of",
    "qualifier", "value", "low", "high", "published", "claim",
)  # fmt: skip


@remember
def make_releases_by_role(view: View) -> Exhibit:
    """Running totals by who states them, announcements as marks; the newest as a table, all in the CSV."""
    words = view.words
    series = _list_series(view)
    shown = _read_newest_totals(view, exhibit.SHOWN).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    totals, in_doubt = _read_totals(view, series)
    points = make_chart_points(view, totals)
    title = words("roles.title")
    marks: list[tuple[Event, Link]] = []
    figure = None
    if points.height:
        marks = _list_announcements(view)
        days = [*points["as_of"].to_list(), *(event.day for event, _ in marks)]
        end, silence = end_time_axis(words, max(days), max(*days, view.today))
        starts = points.select("series").n_unique() > 1 and totals["baseline"].n_unique() > 1
        figure = draw_panels(
            [
                Panel(
                    words("roles.panel"),
                    points,
                    legend=True,
                    doubted=make_doubt_points(view, in_doubt),
                    label=words.label_end,
                    note=words("roles.starts") if starts else "",
                )
            ],
            [event for event, _ in marks],
            Lettering(words.tick, words.separators),
            min(days),
            end,
            silence,
        )
    return Exhibit(
        name=f"{view.situation_id}-releases-by-role",
        title=title,
        summary=_compose_summary(view, series) if series.height else words("roles.none"),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        figure=figure,
        key=_explain_marks(view, points.filter(pl.col("low") == pl.col("high")), in_doubt.height > 0)
        if points.height
        else (),
        events=tuple((event.label, link) for event, link in marks),
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


def _explain_marks(view: View, drawn: pl.DataFrame, in_doubt: bool) -> tuple[str, ...]:
    words = view.words
    return (words("roles.note_promise"), words("roles.note_series"), *explain_marks(drawn, words, in_doubt))


def _find_first_day(view: View) -> date:
    """Shortly before the baseline: nothing older is drawn."""
    return view.situation.baseline - timedelta(days=LEAD_DAYS)


def _list_series(view: View) -> pl.DataFrame:
    """stage, measure, organisation, figures, recent: those with most figures to draw first."""
    asked = {"situation": view.situation_id, "since": _find_first_day(view), "until": view.today}
    if view.known_on is None:
        return database.ask(view.build, "releases_by_role_series", **asked)
    return database.ask(view.build, "releases_by_role_series_as_known_on", known_on=view.known_on, **asked)


def _read_newest_totals(view: View, limit: int, **equal: str) -> pl.DataFrame:
    """The newest totals, of one stage where it is given."""
    chosen = (("breakdown", "total"), *equal.items())
    of = (view.build, view.situation_id, "releases_by_role", ORDER)
    return database.read_mart(*of, limit, known_on=view.known_on, equal=chosen)


def _read_totals(view: View, ranked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Running totals of those who left, and what is in doubt of them: of each stage those with most figures.

    Each has its own start: a total from another day is another series, and totals whose start nobody stated
    are drawn of those alone who never state one.
    """
    drawn = ranked.filter(pl.col("stage").is_in(TOTALS), measure=Measure.RELEASED_TO_DATE.value)
    speakers = tuple(drawn.group_by("stage").head(SERIES_DRAWN)["organisation"].unique().to_list())
    measure = Measure.RELEASED_TO_DATE
    of = (view.build, view.situation_id, measure, speakers, view.population(measure))
    shown = pl.col("as_of").is_between(_find_first_day(view), view.today)
    points = read_series(*of, known_on=view.known_on).filter(shown)
    in_doubt = read_doubts(*of, known_on=view.known_on).filter(shown)
    many = (
        points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
        .group_by("organisation", "baseline")
        .agg(days=pl.col("as_of").n_unique())
        .filter(pl.col("baseline").is_not_null() | pl.col("baseline").is_null().all().over("organisation"))
        .filter(pl.col("days") >= pl.min_horizontal(DRAWN_FROM, pl.col("days").max()))
        .sort(["days", "organisation", "baseline"], descending=[True, False, False], nulls_last=True)
        .head(SERIES_DRAWN)
    )
    primary = view.situation.primary_organisation
    points, in_doubt = (
        each.join(many, on=["organisation", "baseline"], nulls_equal=True) for each in (points, in_doubt)
    )
    order = [pl.col("organisation") != primary, -pl.col("days").cast(pl.Int64), "organisation"]
    return points.sort(order, maintain_order=True), in_doubt


def _list_announcements(view: View) -> list[tuple[Event, Link]]:
    """What was announced, a mark each, its number above."""
    words = view.words
    rows = database.read_mart(
        view.build, view.situation_id, "announcements", "as_of, organisation", known_on=view.known_on
    )
    marks = []
    for row in rows.filter(pl.col("as_of").is_between(_find_first_day(view), view.today)).to_dicts():
        amount = words.amount(row["qualifier"], row["announced"])
        text = words(
            "roles.announced",
            day=words.short_day(row["as_of"]),
            organisation=view.names[row["organisation"]],
            amount=amount,
        )
        link = Link(text, make_claim_address(view, row["claim"]), outside=False)
        marks.append((Event(row["as_of"], amount, text), link))
    return marks


def _compose_summary(view: View, series: pl.DataFrame) -> str:
    """How many figures there are of each stage, and the newest of each."""
    words = view.words
    figures = dict(series.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    stages = [stage for stage in STAGES if stage in figures]
    counts = [words.plural(f"roles.count_{stage}", figures[stage]) for stage in stages]
    newest = [
        _read_newest_totals(view, 1, stage=stage).row(0, named=True) for stage in stages if stage in TOLD
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
