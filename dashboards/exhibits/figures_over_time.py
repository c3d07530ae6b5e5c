"""Figures over time: one measure or two, by organisation, with events and what is in doubt marked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go
import polars as pl

from dashboards.charts import few_points
from dashboards.charts.axes import Event
from dashboards.charts.line_gaps import SILENCE_DAYS, find_silent_stretches, has_dots
from dashboards.charts.theme import DOUBT_SCHEMA, IS_RING, POINT_SCHEMA, Mark, draws_doubts, find_marks
from dashboards.charts.timeseries import Lettering, Panel, draw_panels
from dashboards.exhibits import default_choices, stories
from dashboards.exhibits.exhibit import (
    TABLE_COLUMNS,
    Exhibit,
    end_time_axis,
    make_table_row,
    sort_newest_first,
)
from dashboards.exhibits.story_titles import compose_subtitle, compose_title
from dashboards.i18n.rich_text import Link
from dashboards.i18n.translations import Words
from dashboards.metrics.breaks import find_breaks, find_epoch, number_variants
from dashboards.metrics.headline import find_headlines, list_newest
from dashboards.queries import claim_rows, series
from dashboards.queries.memory import remember
from dashboards.queries.series import read_unbridged_breaks
from dashboards.queries.view import View
from dashboards.text import labels
from dashboards.text.amounts import tell_amount
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source, compose_summary
from pipelines.core.model import Kind, Measure


def make_chart_points(view: View, points: pl.DataFrame, single: bool = False) -> pl.DataFrame:
    """Statements in the shape that charts draw (POINT_SCHEMA), with names and hover texts in words."""
    words, names = view.words, view.names
    of = points.select("organisation", "measure").unique().iter_rows()
    slots = {(who, what): choose_slot(view, who, what) for who, what in of}
    variants = number_variants(points, slots)
    broken = read_unbridged_breaks(view.build, view.situation_id, view.known_on)
    several = points["measure"].n_unique() > 1  # on one axis: each series says what it counts
    rows = []
    for row in points.to_dicts():
        name, publisher = names[row["organisation"]], view.publisher(row["publisher"])
        what = words(f"measure_in_sentence.{row['measure']}")
        series = f"{name}: {what}" if several else name
        window = labels.tell_window(row, words)
        if not single and window and row["kind"] in ("stock", "cumulative"):  # no line joins two windows
            series = f"{series}, {window}"
        rows.append(
            {
                **{column: row[column] for column in POINT_SCHEMA if column in row},
                "series": series,
                "slot": slots[row["organisation"], row["measure"]],
                "variant": variants[row["organisation"], row["measure"], row["baseline"]],
                "hover": labels.compose_hover(row, name, publisher, words, view.known_on is None),
                "epoch": find_epoch(row, broken),
            }
        )
    frame = pl.DataFrame(rows, schema=POINT_SCHEMA)
    if single and frame.height and frame["kind"][0] == "cumulative":
        return frame.with_columns(slot=pl.lit(1, dtype=pl.Int64))
    return frame


def make_doubt_points(view: View, in_doubt: pl.DataFrame) -> pl.DataFrame:
    """What is in doubt, in the shape that charts draw (DOUBT_SCHEMA); the hover text names the rule."""
    words, rows = view.words, []
    for row in in_doubt.to_dicts():
        name, publisher = view.names[row["organisation"]], view.publisher(row["publisher"])
        rows.append(
            {**row, "hover": labels.compose_hover(row, name, publisher, words, view.known_on is None)}
        )
    return pl.DataFrame([{name: row[name] for name in DOUBT_SCHEMA} for row in rows], schema=DOUBT_SCHEMA)


ROLE_SLOTS: Final = {"ngo": 2, "opposition": 3, "media": 4, "international": 6, "government": 7}


def choose_slot(view: View, organisation: str, measure: str) -> int:
    """Which colour and shape an organisation has: its role's, the same in every chart.

    The primary organisation has that of the measure: one for people held, one for those who left.
    """
    if organisation == view.situation.primary_organisation:
        return 0 if Measure(measure).kind is Kind.STOCK else 1
    return ROLE_SLOTS[series.read_roles(view.build, view.situation_id)[organisation]]


def list_events(
    view: View, since: date, until: date, kinds: tuple[str, ...], breaks: Sequence[tuple[date, str]] = ()
) -> list[tuple[Event, Link]]:
    """Events of these kinds in the range, and breaks, numbered in time order, each with its link."""
    words = view.words
    frame = series.read_events(view.build, view.situation_id).filter(
        pl.col("happened").is_between(since, until), pl.col("kind").is_in(kinds)
    )
    happened: list[tuple[date, str, str | None]] = [
        (row["happened"], words.of_column(row, "title"), row["url"]) for row in frame.to_dicts()
    ]
    happened += [(day, title, None) for day, title in breaks if since <= day <= until]
    found = []
    for number, (day, title, url) in enumerate(sorted(happened, key=lambda each: each[0]), start=1):
        text = f"{words.short_day(day)}: {title}"
        found.append((Event(day, str(number), text), Link(text, url)))
    return found


def tell_breaks(view: View, frame: pl.DataFrame) -> list[tuple[date, str]]:
    """Days on which what the statements of a frame count became something else, each in words."""
    words = view.words
    changed = find_breaks(view, frame)
    return [
        (
            row["happened"],
            words(
                "breaks.mark",
                kind=words(f"breaks.kind_{row['kind']}"),
                organisation=name_in_sentence(view, row["organisation"]),
                reason=words.of_column(row, "reason") or words("breaks.no_reason"),
            ),
        )
        for row in changed.to_dicts()
    ]


def explain_marks(
    frame: pl.DataFrame, words: Words, in_doubt: bool = False, dotted: bool = False
) -> tuple[str, ...]:
    """How to read the marks that this frame has, those of what is in doubt, and a line of fine dots."""
    if frame.is_empty():
        return ()
    readings = [words(f"key.{mark}") for mark in find_marks(frame)]
    if Mark.SECONDHAND not in find_marks(frame) and frame.filter(IS_RING).height:
        readings.append(words(f"key.{Mark.SECONDHAND}"))
    if in_doubt:
        readings.append(words("doubt.key"))
    if dotted:
        readings.append(words("key.dotted", days=words.days(SILENCE_DAYS)))
    return tuple(readings)


def explain_dots(words: Words, lines: Iterable[Sequence[date]]) -> tuple[str, ...]:
    """What fine dots mean, where a line through such days has any."""
    return (words("key.dotted", days=words.days(SILENCE_DAYS)),) if any(map(has_dots, lines)) else ()


MAIN_EVENTS: Final = ("law", "release_wave")  # what the Overview marks


class PanelFigures(NamedTuple):
    """What one panel shows: its title, statements of one kind, and what is in doubt beside them."""

    title: str
    points: pl.DataFrame
    in_doubt: pl.DataFrame

    def within(self, since: date, until: date) -> "PanelFigures":
        """The same within a span of days."""
        days = pl.col("as_of").is_between(since, until)
        return PanelFigures(self.title, self.points.filter(days), self.in_doubt.filter(days))


@remember
def make_overview(view: View) -> Exhibit:
    """Held and left prison, according to the primary organisation, in two panels over one time axis."""
    words, found = view.words, find_headlines(view)
    near = view.situation.baseline.year == found.until.year
    start = words.tick(view.situation.baseline, "MMMMd") if near else words.short_day(view.situation.baseline)
    titles = (words("story.held"), words("story.left", day=start))
    panels = [
        PanelFigures(title, each.line, each.in_doubt) for title, each in zip(titles, found.both, strict=True)
    ]
    plain = words("overview.chart_title", organisation=name_in_sentence(view, found.held.organisation))
    told = found.held.rows and found.held.as_of >= found.since
    return make_over_time(
        view,
        "overview",
        words(f"measure.{Measure.IN_CUSTODY}") if told else plain,
        panels,
        (found.since, found.until),
        tuple(default_choices.list_event_kinds(view)),
        single=True,
    )


@remember
def make_progress(
    view: View,
    measure: Measure,
    organisations: tuple[str, ...],
    baselines: tuple[date | None, ...],
    since: date,
    until: date,
    kinds: tuple[str, ...],
    every: bool = False,
) -> Exhibit:
    """One measure over time, a series for each organisation (and baseline, where there is one).

    With `every`, the drawing of one series shows its bounds and all that is in doubt, too.
    """
    panel = _read_progress(view, measure, organisations, baselines)
    name, span = f"progress-{measure}", (since, until)
    return make_over_time(view, name, panel.title, [panel], span, kinds, every=every)


def count_progress(
    view: View,
    measure: Measure,
    organisations: tuple[str, ...],
    baselines: tuple[date | None, ...],
    since: date,
    until: date,
) -> int:
    """How many figures there are of what `make_progress` draws, with bounds and what is in doubt."""
    panel = _read_progress(view, measure, organisations, baselines).within(since, until)
    return panel.points.height + panel.in_doubt.height


def _read_progress(
    view: View, measure: Measure, organisations: tuple[str, ...], baselines: tuple[date | None, ...]
) -> PanelFigures:
    of = (view.build, view.situation_id, measure, organisations, view.population(measure))
    points = series.read_series(*of, known_on=view.known_on)
    in_doubt = series.read_doubts(*of, known_on=view.known_on)
    if baselines:
        points, in_doubt = select_baselines(points, baselines), select_baselines(in_doubt, baselines)
    return PanelFigures(view.words(f"measure.{measure}"), points, in_doubt)


def select_baselines(points: pl.DataFrame, baselines: Sequence[date | None]) -> pl.DataFrame:
    """The statements that count from one of these days; None is a start that nobody stated."""
    days = [pl.col("baseline").eq_missing(pl.lit(day, dtype=pl.Date)) for day in baselines]
    return points.filter(pl.any_horizontal([pl.lit(False), *days]))


def make_over_time(
    view: View,
    name: str,
    title: str,
    panels: Sequence[PanelFigures],
    span: tuple[date, date],
    kinds: tuple[str, ...],
    single: bool = False,
    every: bool = False,
) -> Exhibit:
    """An exhibit of panels within a span of days. What is in doubt is in its picture, table and CSV alone.

    `single`: each panel has one series by itself. One series a panel is drawn as a story (charts/story) of
    exact figures, or of `every` figure; the table and the CSV have all. Three figures are a row.
    """
    words = view.words
    shown = [cut for panel in panels if (cut := panel.within(*span)).points.height]
    if not shown:
        nothing = words("summary.none")
        return Exhibit(
            f"{view.situation_id}-{name}", title, nothing, source=compose_source(view, pl.DataFrame())
        )
    frame = pl.concat([panel.points for panel in shown])
    until = min(view.today, span[1])
    points = [make_chart_points(view, panel.points, single) for panel in shown]
    doubts = [make_doubt_points(view, panel.in_doubt) for panel in shown]
    whole = pl.concat([frame, *(panel.in_doubt for panel in shown)])
    exhibit = Exhibit(
        name=f"{view.situation_id}-{name}",
        title=title,
        summary=compose_summary(view, [panel.points for panel in shown]),
        frame=frame,
        heads=tuple(words(f"table.{column}") for column in TABLE_COLUMNS),
        rows=tuple(make_table_row(view, row) for row in sort_newest_first(whole)),
        source=compose_source(view, frame),
        whole=lambda: whole,
    )
    if all(each["series"].n_unique() == 1 for each in points):
        whole_series = sum(panel.points.height for panel in panels) == frame.height
        title = compose_title(view, title, shown[0].points, points[0], whole_series and not single)
        exhibit = replace(exhibit, title=title)
        if not single and few_points.is_few(points[0]) and not tell_breaks(view, frame):
            return _show_few(view, exhibit, points[0], doubts[0])
        return _tell_story(view, exhibit, shown, points, doubts, (span[0], until), kinds, every)
    end, silence = end_time_axis(words, max(frame["as_of"].to_list()), until)
    span = (span[0], end)
    marked = list_events(view, *span, kinds, tell_breaks(view, frame))
    subtitle, brief = compose_subtitle(view, frame)
    return replace(
        exhibit,
        subtitle=subtitle,
        brief=brief,
        figure=draw_panels(
            [
                Panel(panel.title, made, legend=True, doubted=doubted)
                for panel, made, doubted in zip(shown, points, doubts, strict=True)
            ],
            [event for event, _ in marked],
            Lettering(words.tick, words.separators),
            *span,
            silence,
        ),
        key=_explain(view, points, points, whole.height > frame.height),
        events=tuple((event.label, link) for event, link in marked),
    )


def _explain(
    view: View, drawn: Sequence[pl.DataFrame], points: Sequence[pl.DataFrame], in_doubt: bool
) -> tuple[str, ...]:
    silent = any(find_silent_stretches(own)[0] for each in points for own in each.partition_by("series"))
    return explain_marks(pl.concat(drawn), view.words, in_doubt=in_doubt, dotted=silent)


def _tell_story(
    view: View,
    exhibit: Exhibit,
    shown: Sequence[PanelFigures],
    points: Sequence[pl.DataFrame],
    doubts: Sequence[pl.DataFrame],
    span: tuple[date, date],
    kinds: tuple[str, ...],
    every: bool,
) -> Exhibit:
    """The exhibit with a figure of one series a panel, drawn for a page and for any picture."""
    both = len(shown) > 1
    drawn = [stories.select_drawn(each, every) for each in points]
    span = stories.find_span(drawn, span, [panel.points for panel in shown])
    breaks = tell_breaks(view, exhibit.frame)
    marked = list_events(view, *span, kinds, breaks)
    figures = [
        stories.StoryFigures(
            panel.title if both else "",
            panel.points,
            made,
            doubted.filter(pl.col("as_of").is_between(*span)),
            stories.note_left(view, own, span[1]) if both and own["kind"][0] == Kind.CUMULATIVE else (),
        )
        for panel, made, doubted, own in zip(shown, points, doubts, drawn, strict=True)
    ]
    events = [event for event, _ in marked]
    named = [Event(day, "", text) for day, text in breaks if span[0] <= day <= span[1]]  # before all others
    named += stories.list_named(view, span, events) if kinds else []
    listed = {event.title for event in events}
    marked += [(each, Link(each.hover, None)) for each in named if each.hover and each.hover not in listed]
    fit = stories.make_fit(view, figures, named, span, every)
    page = stories.make_fit(view, figures, named, span, every, events)
    subtitle, brief = compose_subtitle(view, figures[0].frame, both)
    figure = page(stories.PAGE, stories.HEIGHTS[min(len(drawn), 2)])
    explained = [stories.select_explained(each, every) for each in drawn]
    return replace(
        exhibit,
        subtitle=subtitle,
        brief=brief,
        figure=figure,
        fit=fit,
        key=_explain(view, explained, drawn, draws_doubts(figure)),
        events=tuple(("", link) for _, link in sorted(marked, key=lambda pair: pair[0].day)),
    )


def _show_few(view: View, exhibit: Exhibit, points: pl.DataFrame, doubted: pl.DataFrame) -> Exhibit:
    """The exhibit with a row of labelled marks."""
    words = view.words
    lettering = Lettering(words.tick, words.separators)
    stated = {row["claim_id"]: row for row in exhibit.frame.to_dicts()}

    def fit(width: float, _height: float) -> go.Figure:
        return few_points.draw_few(
            points,
            lettering,
            lambda row: tell_amount(stated[row["claim_id"]], words),
            words.short_day,
            width,
            doubted,
        )

    key = explain_marks(points, words, in_doubt=bool(doubted.height))
    subtitle, brief = compose_subtitle(view, exhibit.frame)
    figure = fit(few_points.WIDTH, 0)
    return replace(exhibit, subtitle=subtitle, brief=brief, figure=figure, fit=fit, key=key)


def list_quotable(view: View, exhibit: Exhibit) -> list[dict[str, Any]]:
    """The newest statement of each series or part that an exhibit draws, as rows to quote."""
    if exhibit.frame.height:
        return list_newest(view, exhibit.frame.sort("as_of"))
    if exhibit.figure is None:
        return []
    carried = {row[1] for trace in exhibit.figure.data for row in trace.customdata or () if row}
    found = claim_rows.read_claims_by_id(view.build, view.situation_id, tuple(sorted(filter(None, carried))))
    return found.sort("as_of", "claim_id").group_by("breakdown", maintain_order=True).last().to_dicts()
