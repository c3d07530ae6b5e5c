"""Exhibits: a figure with everything that must stand beside it, made from one frame.

An exhibit holds no Streamlit, so pages, the command line and files can show the same one. Each is built once
for a build, language and choice, and shared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl

from dashboards import latest, queries, telling
from dashboards.charts.language import POINT_SCHEMA, SILENCE_DAYS, Mark, marks_in
from dashboards.charts.timeline import Event, Lettering, Panel, timeline
from dashboards.markup import Cell, Link
from dashboards.view import View
from dashboards.words import Words
from pipelines.model import Measure

LEAD_DAYS: Final = 90  # what the Overview shows of the time before the baseline
MAIN_EVENTS: Final = ("law", "release_wave")  # what the Overview marks
CSV_COLUMNS: Final = (
    "organisation", "measure", "kind", "population", "breakdown", "baseline", "period_start", "as_of",
    "as_of_basis", "as_of_precision", "qualifier", "value", "value_high", "published", "published_basis",
    "revision", "contradicted", "corrected", "carriers", "provenance", "publisher", "url", "claim_id",
)  # fmt: skip


@dataclass(frozen=True)
class Exhibit:
    """One chart and its surroundings. Without data `figure` is None and `summary` says so."""

    name: str  # of files and widget keys
    title: str
    summary: str
    figure: go.Figure | None
    frame: pl.DataFrame  # the statements drawn, one row a point
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...]  # how to read the marks that are present
    source: str
    events: tuple[tuple[str, Link], ...]  # number above the mark, what happened

    def csv(self) -> bytes:
        """The frame as CSV in UTF-8; days are YYYY-MM-DD, missing is empty."""
        return self.frame.select(CSV_COLUMNS).write_csv().encode()


@lru_cache(maxsize=64)
def overview(view: View) -> Exhibit:
    """Held and left prison, according to the primary organisation, in two panels over one time axis."""
    words, situation = view.words, view.situation
    held, left = latest.held(view), latest.left_prison(view)
    series = [each for each in (held, left) if each is not None]
    panels = [(words(f"measure.{each.measure}"), each.points, each.measure) for each in series]
    first = min((each.points["as_of"].min() for each in series), default=situation.baseline)
    lead = situation.baseline - timedelta(days=LEAD_DAYS)
    recent = any((each.points["as_of"] >= lead).any() for each in series)
    since = max(first, lead) if recent else first
    title = words("overview.chart_title", organisation=view.names[situation.primary_organisation])
    return _exhibit(view, "overview", title, panels, since, view.today, MAIN_EVENTS, single=True)


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
    words = view.words
    points = queries.series(view.build, view.situation_id, measure, organisations, view.population(measure))
    if baselines:
        points = points.filter(
            pl.any_horizontal([pl.col("baseline").eq_missing(pl.lit(day, dtype=pl.Date)) for day in baselines])
        )
    title = words(f"measure.{measure}")
    return _exhibit(view, f"progress-{measure}", title, [(title, points, measure)], since, until, kinds)


def _exhibit(
    view: View,
    name: str,
    title: str,
    panels: Sequence[tuple[str, pl.DataFrame, Measure]],
    since: date,
    until: date,
    kinds: tuple[str, ...],
    single: bool = False,
) -> Exhibit:
    words = view.words
    shown = [(head, _within(points, since, until)) for head, points, _ in panels]
    frame = pl.concat([points for _, points in shown]) if shown else pl.DataFrame()
    marked = _events(view, since, until, kinds)
    figure = None
    if frame.height:
        drawn = [Panel(head, chart_points(view, points, single), legend=not single) for head, points in shown if points.height]
        lettering = Lettering(words.tick, words.separators, words("chart.silence"))
        figure = timeline(drawn, [event for event, _ in marked], lettering, since, until, view.today)
    return Exhibit(
        name=f"{view.situation_id}-{name}",
        title=title,
        summary=_summary(view, [points for _, points in shown]),
        figure=figure,
        frame=frame,
        heads=tuple(words(f"table.{column}") for column in ("as_of", "who", "what", "figure", "published", "source", "marks")),
        rows=tuple(_row(view, row) for row in frame.sort("as_of", descending=True, maintain_order=True).to_dicts())
        if frame.height
        else (),
        key=_key(frame, words),
        source=source_line(view, frame),
        events=tuple((event.label, link) for event, link in marked),
    )


def _within(points: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    return points.filter(pl.col("as_of").is_between(since, until))


def chart_points(view: View, points: pl.DataFrame, single: bool = False) -> pl.DataFrame:
    """Statements in the shape that charts draw (POINT_SCHEMA), with names and hover texts in words."""
    words, names = view.words, view.names
    slots = organisation_slots(view)
    variants = _variants(points)
    rows = []
    for row in points.to_dicts():
        name = names[row["organisation"]]
        series = name if single or row["kind"] != "cumulative" else f"{name}, {telling.window(row, words)}"
        rows.append(
            {
                **{column: row[column] for column in POINT_SCHEMA if column in row},
                "series": series,
                "slot": slots[row["organisation"]],
                "variant": variants[row["organisation"], row["baseline"]],
                "hover": telling.hover(row, name, words),
            }
        )
    frame = pl.DataFrame(rows, schema=POINT_SCHEMA)
    if single and frame.height and frame["kind"][0] == "cumulative":
        return frame.with_columns(slot=pl.lit(1, dtype=pl.Int64))
    return frame


def _variants(points: pl.DataFrame) -> dict[tuple[str, date | None], int]:
    """Which of its organisation's series each baseline is, in the order of the points."""
    counted: dict[str, int] = {}
    variants = {}
    for organisation, baseline in points.select("organisation", "baseline").unique(maintain_order=True).iter_rows():
        variants[organisation, baseline] = counted.get(organisation, -1) + 1
        counted[organisation] = variants[organisation, baseline]
    return variants


def organisation_slots(view: View) -> Mapping[str, int]:
    """Which colour and shape each organisation has: the primary first, then by how much it has published."""
    heads = queries.series_heads(view.build, view.situation_id)
    points = heads.group_by("organisation").agg(pl.col("points").sum()).sort(
        ["points", "organisation"], descending=[True, False]
    )
    primary = view.situation.primary_organisation
    order = [primary, *(each for each in points["organisation"] if each != primary)]
    return {organisation: slot for slot, organisation in enumerate(order)}


def _events(view: View, since: date, until: date, kinds: tuple[str, ...]) -> list[tuple[Event, Link]]:
    """Events of these kinds in the range, numbered in time order, each with its link."""
    words = view.words
    frame = queries.events(view.build, view.situation_id).filter(
        pl.col("happened").is_between(since, until), pl.col("kind").is_in(kinds)
    )
    found = []
    for number, row in enumerate(frame.to_dicts(), start=1):
        title = words.of({"es": row["title_es"], "en": row["title_en"]})
        text = f"{words.short_day(row['happened'])}: {title}"
        found.append((Event(row["happened"], str(number), text), Link(text, row["url"])))
    return found


def _summary(view: View, panels: Sequence[pl.DataFrame]) -> str:
    """One sentence for each series: from its first figure to its last within the range."""
    words, names = view.words, view.names
    sentences = []
    for points in panels:
        for _, own in points.group_by("organisation", "baseline", maintain_order=True):
            rows = own.to_dicts()
            first, last = rows[0], rows[-1]
            facts = {
                "organisation": names[last["organisation"]],
                "measure": words(f"measure_in_sentence.{last['measure']}"),
                "window": f" ({telling.window(last, words)})" if telling.window(last, words) else "",
                "last": telling.figure(last, words),
                "last_day": telling.moment(last, words),
            }
            if first["as_of"] == last["as_of"]:
                sentences.append(words("summary.one", **facts))
            else:
                begin = {"first": telling.figure(first, words), "first_day": telling.moment(first, words)}
                sentences.append(words.plural("summary.many", len(rows), **facts, **begin))
    return " ".join(sentences) if sentences else words("summary.none")


def _row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    what = words(f"measure.{row['measure']}")
    window = telling.window(row, words)
    return (
        telling.moment(row, words),
        view.names[row["organisation"]],
        f"{what}, {window}" if window else what,
        Link(telling.figure(row, words), claim_address(view, row["claim_id"]), outside=False),
        words.short_day(row["published"]),
        Link(row["publisher"], row["url"]),
        telling.marks(row, words),
    )


def claim_address(view: View, claim_id: str) -> str:
    """The address of one claim within the app."""
    return f"claims?situation={view.situation_id}&lang={view.language}&claim={claim_id}"


def _key(frame: pl.DataFrame, words: Words) -> tuple[str, ...]:
    """How to read the marks that this frame has; always how a line breaks."""
    if frame.is_empty():
        return ()
    readings = [words(f"key.{mark}") for mark in marks_in(frame)]
    if Mark.SECONDHAND not in marks_in(frame) and (frame["provenance"] == "secondhand").any():
        readings.append(words(f"key.{Mark.SECONDHAND}"))
    return (*readings, words("key.silence", days=words.days(SILENCE_DAYS)))


def source_line(view: View, frame: pl.DataFrame) -> str:
    """Who said it, through whom, up to when, and which build was read."""
    words = view.words
    if frame.is_empty():
        return words("source.none", build=view.build.id)
    names = view.names
    publishers = frame["publisher"].n_unique()
    return words.plural(
        "source.line",
        publishers,
        organisations=words.listed([names[each] for each in frame["organisation"].unique(maintain_order=True)]),
        as_of=words.day(frame["as_of"].max()),
        build=view.build.id,
    )
