"""Figures over time: one measure or two, by organisation, with events and what is in doubt marked."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from dashboards.charts.axes import Event
from dashboards.charts.line_gaps import SILENCE_DAYS, find_silent_stretches
from dashboards.charts.theme import DOUBT_SCHEMA, POINT_SCHEMA, Mark, find_marks
from dashboards.charts.timeseries import Lettering, Panel, draw_panels
from dashboards.exhibits.exhibit import (
    TABLE_COLUMNS,
    Exhibit,
    end_time_axis,
    make_table_row,
    sort_newest_first,
)
from dashboards.i18n.rich_text import Link
from dashboards.i18n.translations import Words
from dashboards.metrics.breaks import find_breaks, find_epoch, number_variants
from dashboards.metrics.headline import Headline, cut_at_headline, find_headlines, list_newest
from dashboards.queries import claim_rows, series
from dashboards.queries.memory import remember
from dashboards.queries.series import read_unbridged_breaks
from dashboards.queries.view import View
from dashboards.text import labels
from dashboards.text.statement_sentences import compose_source, compose_summary, tell_people, tell_when
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
        (row["happened"], words.of({code: row[f"title_{code}"] for code in ("es", "en", "pt")}), row["url"])
        for row in frame.to_dicts()
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
                organisation=view.names[row["organisation"]],
                reason=words.of({"es": row["reason_es"], "en": row["reason_en"]})
                if row["reason_es"]
                else words("breaks.no_reason"),
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
    if Mark.SECONDHAND not in find_marks(frame) and (frame["provenance"] == "secondhand").any():
        readings.append(words(f"key.{Mark.SECONDHAND}"))
    if in_doubt:
        readings.append(words("doubt.key"))
    if dotted:
        readings.append(words("key.dotted", days=words.days(SILENCE_DAYS)))
    return tuple(readings)


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
    panels = [PanelFigures(words(f"measure.{each.measure}"), each.line, each.in_doubt) for each in found.both]
    finding = compose_finding(view, found.held, found.since)
    title = finding or words("overview.chart_title", organisation=view.names[found.held.organisation])
    return make_over_time(
        view,
        "overview",
        title,
        panels,
        (found.since, found.until),
        MAIN_EVENTS,
        single=True,
        story=bool(finding),
    )


def compose_finding(view: View, held: Headline, since: date) -> str:
    """What the chart of people held shows: its headline and, of the same count, its first exact figure.

    Empty where the headline is no exact figure, or under a third are: then the bounds are the story.
    """
    if held.line.is_empty() or not held.rows:
        return ""
    words, line = view.words, cut_at_headline(view, held.line).filter(pl.col("as_of") >= since)
    points = make_chart_points(view, line, single=True)
    exact = points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted")).sort("as_of", "claim_id")
    if 3 * exact.height < points.height or exact["as_of"].max() != held.as_of:
        return ""
    first, last = exact.row(0, named=True), exact.row(-1, named=True)
    stated = line.row(by_predicate=pl.col("claim_id") == last["claim_id"], named=True)
    facts = {
        "organisation": view.names[held.organisation],
        "last": tell_people(view, stated),
        "when": tell_when(view, stated),
    }
    if first["as_of"] == last["as_of"] or first["epoch"] != last["epoch"]:
        return words("overview.finding_one", **facts)
    start = line.row(by_predicate=pl.col("claim_id") == first["claim_id"], named=True)
    began = {"first": words.number(first["value"]), "start": tell_when(view, start)}
    return words("overview.finding", **facts, **began)


@remember
def make_progress(
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
    points = series.read_series(*of, known_on=view.known_on)
    in_doubt = series.read_doubts(*of, known_on=view.known_on)
    if baselines:
        points, in_doubt = select_baselines(points, baselines), select_baselines(in_doubt, baselines)
    panels = [PanelFigures(title, points, in_doubt)]
    return make_over_time(view, f"progress-{measure}", title, panels, (since, until), kinds)


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
    story: bool = False,
) -> Exhibit:
    """An exhibit of panels within a span of days. What is in doubt is in its picture, table and CSV alone.

    `single`: each panel has one series. `story`: only exact figures are drawn, their ends with numbers; the
    table and the CSV have all.
    """
    words = view.words
    shown = [cut for panel in panels if (cut := panel.within(*span)).points.height]
    if not shown:
        nothing = words("summary.none")
        return Exhibit(
            f"{view.situation_id}-{name}", title, nothing, source=compose_source(view, pl.DataFrame())
        )
    frame = pl.concat([panel.points for panel in shown])
    end, silence = end_time_axis(words, max(frame["as_of"].to_list()), min(view.today, span[1]))
    span = (span[0], end)
    points = [make_chart_points(view, panel.points, single) for panel in shown]
    drawn = [each.filter(pl.col("low") == pl.col("high")) if story else each for each in points]
    whole = pl.concat([frame, *(panel.in_doubt for panel in shown)])
    marked = list_events(view, *span, kinds, tell_breaks(view, frame))
    return Exhibit(
        name=f"{view.situation_id}-{name}",
        title=title,
        summary=compose_summary(view, [panel.points for panel in shown]),
        figure=draw_panels(
            [
                Panel(
                    panel.title,
                    made,
                    legend=not single,
                    doubted=make_doubt_points(view, panel.in_doubt),
                    label=words.label_end if story else None,
                )
                for panel, made in zip(shown, points, strict=True)
            ],
            [event for event, _ in marked],
            Lettering(words.tick, words.separators),
            *span,
            silence,
        ),
        frame=frame,
        heads=tuple(words(f"table.{column}") for column in TABLE_COLUMNS),
        rows=tuple(make_table_row(view, row) for row in sort_newest_first(whole)),
        key=explain_marks(
            pl.concat(drawn),
            words,
            in_doubt=whole.height > frame.height,
            dotted=any(
                find_silent_stretches(own)[0] for each in points for own in each.partition_by("series")
            ),
        ),
        source=compose_source(view, frame),
        events=tuple((event.label, link) for event, link in marked),
        whole=lambda: whole,
    )


def list_quotable(view: View, exhibit: Exhibit) -> list[dict[str, Any]]:
    """The newest statement of each series or part that an exhibit draws, as rows to quote."""
    if exhibit.frame.height:
        return list_newest(view, exhibit.frame.sort("as_of"))
    if exhibit.figure is None:
        return []
    carried = {row[1] for trace in exhibit.figure.data for row in trace.customdata or () if row}
    found = claim_rows.read_claims_by_id(view.build, view.situation_id, tuple(sorted(filter(None, carried))))
    return found.sort("as_of", "claim_id").group_by("breakdown", maintain_order=True).last().to_dicts()
