"""Announced, told as done by officials, verified by independent organisations: from promise to fact."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import polars as pl

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
from dashboards.queries import claim_rows, database, series
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


@lru_cache(maxsize=64)
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
        heads=(
            words("table.as_of"),
            words("table.who"),
            words("table.announced"),
            words("announced.week"),
            *(words.plural("announced.after", days) for days in HORIZONS),
        ),
        rows=tuple(_make_announcement_row(view, row) for row in shown),
        numeric=(),
        key=(words("announced.note"),) if shown else (),
    )


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
DRAWN: Final = {
    "announced": Measure.RELEASE_ANNOUNCED,
    "claimed": Measure.RELEASED_TO_DATE,
    "verified": Measure.RELEASED_TO_DATE,
}  # what each panel shows
SERIES_DRAWN: Final = 5  # of one panel: those with most figures
ORDER: Final = "as_of DESC, published DESC, organisation, measure, claim"
COLUMNS: Final = (
    "role", "organisation", "stage", "measure", "population", "breakdown", "period_start", "as_of",
    "qualifier", "value", "low", "high", "published", "claim",
)  # fmt: skip


@lru_cache(maxsize=64)
def make_releases_by_role(view: View) -> Exhibit:
    """A panel for each stage over one time axis; the newest figures as a table, all of them in the CSV."""
    words = view.words
    series = _list_series(view)
    shown = _read_newest_totals(view, exhibit.SHOWN).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    panels = _make_panels(view, series)
    drawn = pl.concat([panel.points for panel in panels]) if panels else pl.DataFrame()
    in_doubt = any(panel.doubted is not None and panel.doubted.height for panel in panels)
    title = words("roles.title")
    return Exhibit(
        name=f"{view.situation_id}-releases-by-role",
        title=title,
        summary=_compose_summary(view, series) if series.height else words("roles.none"),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        figure=_draw_chart(view, panels, drawn) if panels else None,
        key=_explain_marks(view, drawn, in_doubt) if panels else (),
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


def _make_panels(view: View, series: pl.DataFrame) -> list[Panel]:
    """Each stage's figures as points: the series with most figures since shortly before the baseline."""
    since = _find_first_day(view)
    panels = []
    for stage, measure in DRAWN.items():
        speakers = series.filter(stage=stage, measure=measure)["organisation"].head(SERIES_DRAWN).to_list()
        if not speakers:
            continue
        of = (view.build, view.situation_id, measure, tuple(speakers), view.population(measure))
        shown = pl.col("as_of").is_between(since, view.today)
        points = read_series(*of, known_on=view.known_on).filter(shown)
        in_doubt = read_doubts(*of, known_on=view.known_on).filter(shown)
        often = (
            points.group_by("organisation", "baseline")
            .len()
            .sort(["len", "organisation", "baseline"], descending=[True, False, False], nulls_last=True)
            .head(SERIES_DRAWN)
        )
        points, in_doubt = (
            each.join(often, on=["organisation", "baseline"], how="semi", nulls_equal=True)
            for each in (points, in_doubt)
        )
        if points.height:
            made, doubted = make_chart_points(view, points), make_doubt_points(view, in_doubt)
            panels.append(Panel(view.words(f"roles.panel_{stage}"), made, legend=True, doubted=doubted))
    return panels


def _draw_chart(view: View, panels: list[Panel], drawn: pl.DataFrame) -> Any:
    words = view.words
    first, last = series.find_first_day(drawn), series.find_last_day(drawn)
    assert first is not None
    assert last is not None
    end, silence = end_time_axis(words, last, max(last, view.today))
    return draw_panels(panels, [], Lettering(words.tick, words.separators), first, end, silence)


def _compose_summary(view: View, series: pl.DataFrame) -> str:
    """How many figures there are of each stage, and the newest of each."""
    words = view.words
    figures = dict(series.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    stages = [stage for stage in STAGES if stage in figures]
    counts = [words.plural(f"roles.count_{stage}", figures[stage]) for stage in stages]
    newest = [
        _read_newest_totals(view, 1, stage=stage).row(0, named=True) for stage in stages if stage in DRAWN
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
