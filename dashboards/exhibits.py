"""Exhibits: a figure with everything that must stand beside it, made from one frame.

An exhibit holds no Streamlit, so pages, the command line and files can show the same one. Each is built once
for a build, language and choice, and shared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import plotly.graph_objects as go
import polars as pl
from polars import selectors

from dashboards import queries
from dashboards.charts.timeline import Lettering, Panel, timeline
from dashboards.exhibit_parts import (
    COLUMNS,
    breaks_of,
    chart_points,
    doubt_points,
    events,
    key,
    newest_first,
    summary,
    table_row,
)
from dashboards.latest import find_headlines
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View
from pipelines.model import Measure

MAIN_EVENTS: Final = ("law", "release_wave")  # what the Overview marks
CSV_COLUMNS: Final = (
    "organisation", "measure", "kind", "population", "breakdown", "baseline", "period_start", "as_of",
    "as_of_basis", "as_of_precision", "qualifier", "value", "value_high", "published", "published_basis",
    "revision", "why_standing", "doubt", "contradicted", "corrected", "checked", "checked_on", "carriers",
    "origins", "provenance", "publisher", "url", "claim_id",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One chart and its surroundings. Without data `figure` is None and `summary` says so.

    An exhibit equals no other: what is made of it can be kept by the object itself.
    """

    name: str  # of files and widget keys
    title: str
    summary: str
    source: str
    figure: go.Figure | None = None
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)  # the statements told, one row a point
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    key: tuple[str, ...] = ()  # how to read the marks that are present
    events: tuple[tuple[str, Link], ...] = ()  # number above the mark, what happened
    numeric: tuple[int, ...] = (3,)  # columns of the table that hold numbers
    columns: tuple[str, ...] = CSV_COLUMNS
    whole: Callable[[], pl.DataFrame] | None = None  # all rows of the CSV, where the frame has not all

    def csv(self) -> bytes:
        """The frame as CSV in UTF-8; days are YYYY-MM-DD, missing is empty, a list is joined by `;`."""
        frame = (self.frame if self.whole is None else self.whole()).select(self.columns)
        lists = selectors.by_dtype(pl.List)
        return frame.with_columns(lists.cast(pl.List(pl.String)).list.join(";")).write_csv().encode()


class Told(NamedTuple):
    """What one panel shows: its title, statements of one kind, and what is in doubt beside them."""

    title: str
    points: pl.DataFrame
    in_doubt: pl.DataFrame

    def within(self, since: date, until: date) -> "Told":
        """The same within a span of days."""
        days = pl.col("as_of").is_between(since, until)
        return Told(self.title, self.points.filter(days), self.in_doubt.filter(days))


@lru_cache(maxsize=64)
def overview(view: View) -> Exhibit:
    """Held and left prison, according to the primary organisation, in two panels over one time axis."""
    words, found = view.words, find_headlines(view)
    panels = [Told(words(f"measure.{each.measure}"), each.line, each.in_doubt) for each in found.both]
    title = words("overview.chart_title", organisation=view.names[found.held.organisation])
    return over_time(view, "overview", title, panels, (found.since, found.until), MAIN_EVENTS, single=True)


@lru_cache(maxsize=256)
def progress(
    view: View,
    measure: Measure,
    organisations: tuple[str, ...],
    baselines: tuple[date | None, ...],
    since: date,
    until: date,
    kinds: tuple[str, ...],
) -> Exhibit:
    """One measure over time, a series for each organisation (and baseline, where there is one)."""
    of = (view.build, view.situation_id, measure, organisations, view.population(measure))
    title = view.words(f"measure.{measure}")
    points = queries.series(*of, known_on=view.known_on)
    in_doubt = queries.in_doubt(*of, known_on=view.known_on)
    if baselines:
        points, in_doubt = counted_from(points, baselines), counted_from(in_doubt, baselines)
    panels = [Told(title, points, in_doubt)]
    return over_time(view, f"progress-{measure}", title, panels, (since, until), kinds)


def counted_from(points: pl.DataFrame, baselines: Sequence[date | None]) -> pl.DataFrame:
    """The statements that count from one of these days; None is a start that nobody stated."""
    days = [pl.col("baseline").eq_missing(pl.lit(day, dtype=pl.Date)) for day in baselines]
    return points.filter(pl.any_horizontal([pl.lit(False), *days]))


def over_time(
    view: View,
    name: str,
    title: str,
    panels: Sequence[Told],
    span: tuple[date, date],
    kinds: tuple[str, ...],
    single: bool = False,
) -> Exhibit:
    """An exhibit of panels within a span of days. What is in doubt is in its picture, table and CSV alone."""
    words = view.words
    shown = [cut for panel in panels if (cut := panel.within(*span)).points.height]
    if not shown:
        nothing = words("summary.none")
        return Exhibit(
            f"{view.situation_id}-{name}", title, nothing, source=source_line(view, pl.DataFrame())
        )
    frame = pl.concat([panel.points for panel in shown])
    whole = pl.concat([frame, *(panel.in_doubt for panel in shown)])
    marked = events(view, *span, kinds, breaks_of(view, frame))
    return Exhibit(
        name=f"{view.situation_id}-{name}",
        title=title,
        summary=summary(view, [panel.points for panel in shown]),
        figure=timeline(
            [
                Panel(
                    panel.title,
                    chart_points(view, panel.points, single),
                    legend=not single,
                    doubted=doubt_points(view, panel.in_doubt),
                )
                for panel in shown
            ],
            [event for event, _ in marked],
            Lettering(words.tick, words.separators, words("chart.silence")),
            *span,
            today=view.today,
        ),
        frame=frame,
        heads=tuple(words(f"table.{column}") for column in COLUMNS),
        rows=tuple(table_row(view, row) for row in newest_first(whole)),
        key=key(frame, words, whole.height > frame.height),
        source=source_line(view, frame),
        events=tuple((event.label, link) for event, link in marked),
        whole=lambda: whole,
    )
