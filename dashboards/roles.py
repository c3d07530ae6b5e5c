"""Releases by who speaks of them: announced, told as done by officials, verified by independent ones."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries, sides
from dashboards.charts.timeline import Lettering, Panel, timeline
from dashboards.exhibit_parts import chart_points, doubt_points, key
from dashboards.exhibits import Exhibit
from dashboards.latest import LEAD_DAYS
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View, claim_address
from pipelines.model import Measure

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
def exhibit(view: View) -> Exhibit:
    """A panel for each stage over one time axis; the newest figures as a table, all of them in the CSV."""
    words = view.words
    series = _series(view)
    shown = _newest_rows(view, sides.SHOWN).to_dicts()
    claims = sides.claims_of(view, (row["claim"] for row in shown))
    panels = _panels(view, series)
    drawn = pl.concat([panel.points for panel in panels]) if panels else pl.DataFrame()
    in_doubt = any(panel.doubted is not None and panel.doubted.height for panel in panels)
    title = words("roles.title")
    return Exhibit(
        name=f"{view.situation_id}-releases-by-role",
        title=title,
        summary=_summary(view, series) if series.height else words("roles.none"),
        source=source_line(view, sides.frame_of(claims)),
        figure=_figure(view, panels, drawn) if panels else None,
        key=_key(view, drawn, in_doubt) if panels else (),
        heads=tuple(
            words(f"table.{column}")
            for column in ("as_of", "stage", "who", "role", "what", "figure", "published")
        ),
        rows=tuple(_cells(view, row, claims[row["claim"]]) for row in shown),
        numeric=(5,),
        columns=COLUMNS,
        whole=lambda: queries.mart(
            view.build, view.situation_id, "releases_by_role", ORDER, known_on=view.known_on
        ),
    )


def _key(view: View, drawn: pl.DataFrame, in_doubt: bool) -> tuple[str, ...]:
    words = view.words
    return (words("roles.note_promise"), words("roles.note_series"), *key(drawn, words, in_doubt))


def _since(view: View) -> date:
    """Shortly before the baseline: nothing older is drawn."""
    return view.situation.baseline - timedelta(days=LEAD_DAYS)


def _series(view: View) -> pl.DataFrame:
    """stage, measure, organisation, figures, recent: those with most figures to draw first."""
    asked = {"situation": view.situation_id, "since": _since(view), "until": view.today}
    if view.known_on is None:
        return queries.ask(view.build, "roles_series", **asked)
    return queries.ask(view.build, "roles_series_as_known_on", known_on=view.known_on, **asked)


def _newest_rows(view: View, limit: int, **equal: str) -> pl.DataFrame:
    """The newest totals, of one stage where it is given."""
    chosen = (("breakdown", "total"), *equal.items())
    of = (view.build, view.situation_id, "releases_by_role", ORDER)
    return queries.mart(*of, limit, known_on=view.known_on, equal=chosen)


def _panels(view: View, series: pl.DataFrame) -> list[Panel]:
    """Each stage's figures as points: the series with most figures since shortly before the baseline."""
    since = _since(view)
    panels = []
    for stage, measure in DRAWN.items():
        speakers = series.filter(stage=stage, measure=measure)["organisation"].head(SERIES_DRAWN).to_list()
        if not speakers:
            continue
        of = (view.build, view.situation_id, measure, tuple(speakers), view.population(measure))
        shown = pl.col("as_of").is_between(since, view.today)
        points = queries.series(*of, known_on=view.known_on).filter(shown)
        in_doubt = queries.in_doubt(*of, known_on=view.known_on).filter(shown)
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
            made, doubted = chart_points(view, points), doubt_points(view, in_doubt)
            panels.append(Panel(view.words(f"roles.panel_{stage}"), made, legend=True, doubted=doubted))
    return panels


def _figure(view: View, panels: list[Panel], drawn: pl.DataFrame) -> Any:
    words = view.words
    first, last = queries.first_day(drawn), queries.last_day(drawn)
    assert first is not None
    assert last is not None
    lettering = Lettering(words.tick, words.separators, words("chart.silence"))
    return timeline(panels, [], lettering, first, max(last, view.today))


def _summary(view: View, series: pl.DataFrame) -> str:
    """How many figures there are of each stage, and the newest of each."""
    words = view.words
    figures = dict(series.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    stages = [stage for stage in STAGES if stage in figures]
    counts = [words.plural(f"roles.count_{stage}", figures[stage]) for stage in stages]
    newest = [_newest_rows(view, 1, stage=stage).row(0, named=True) for stage in stages if stage in DRAWN]
    claims = sides.claims_of(view, (row["claim"] for row in newest))
    told = [_newest(view, row, claims[row["claim"]]) for row in newest]
    return words("roles.summary", counts=words.listed(counts), newest=" ".join(told))


def _newest(view: View, row: dict[str, Any], claim: dict[str, Any]) -> str:
    words = view.words
    return words(
        "roles.newest",
        stage=words(f"roles.stage_{row['stage']}"),
        organisation=view.names[row["organisation"]],
        figure=sides.figure(view, claim),
        what=sides.in_sentence(sides.with_window(view, claim)),
        day=words.day(row["as_of"]),
    )


def _cells(view: View, row: dict[str, Any], claim: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    return (
        words.short_day(row["as_of"]),
        words(f"roles.stage_{row['stage']}"),
        view.names[row["organisation"]],
        words(f"roles.role_{row['role']}"),
        sides.with_window(view, claim),
        Link(sides.figure(view, claim), claim_address(view, row["claim"]), outside=False),
        words.short_day(row["published"]),
    )
