"""The exhibit of a choice of the chart builder, and the statements in it that can be quoted."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import polars as pl

from dashboards import breakdown_chart, builder, choices, exhibits, latest, queries, sides
from dashboards.builder import NONE, SHOWN, Choice
from dashboards.exhibits import Exhibit, Told
from dashboards.sentences import source_line
from dashboards.view import View
from pipelines.model import TOTAL, Kind


@lru_cache(maxsize=256)
def exhibit(view: View, choice: Choice) -> Exhibit:
    """The chart of a choice. Where the choice leaves no figure it says so."""
    return _over_time(view, choice) if choice.split == NONE else _divided(view, choice)


def _over_time(view: View, choice: Choice) -> Exhibit:
    words, measure = view.words, choice.measure
    of = (view, (measure, *choice.also), choice.organisations, choice.part)
    points, in_doubt = builder.points(*of), builder.in_doubt(*of)
    if measure.kind is Kind.CUMULATIVE:
        days = [choices.baseline_day(start) for start in choice.starts]
        points, in_doubt = exhibits.counted_from(points, days), exhibits.counted_from(in_doubt, days)
    title, span = words(f"measure.{measure}"), (choice.since, choice.until)
    drawn_too = set(points.filter(pl.col("as_of").is_between(*span))["measure"])
    others = [words(f"measure.{each}") for each in choice.also if each.value in drawn_too]
    title = words.listed([title, *map(sides.in_sentence, others)])
    name = f"chart-{measure}"
    if choice.part == TOTAL:
        panels = [Told(title, points, in_doubt)]
        drawn = exhibits.over_time(view, name, title, panels, span, choice.events)
        if not others or drawn.figure is None:
            return drawn
        return replace(drawn, key=(*drawn.key, words("builder.with_note")))
    part = sides.part_label(view, choice.part)
    title = words("builder.title_part", measure=title, part=part)
    panels = [Told(title, points, in_doubt)]
    drawn = exhibits.over_time(view, f"{name}-part", title, panels, span, choice.events)
    return replace(drawn, summary=words("builder.summary_part", part=part, summary=drawn.summary))


def _divided(view: View, choice: Choice) -> Exhibit:
    named = builder.division(choice.measure, choice.split)
    panels = SHOWN[choice.show]
    drawn = breakdown_chart.exhibit(view, named, (choice.since, choice.until), choice.events, panels)
    name = f"{view.situation_id}-chart-{choice.measure}-divided"
    if drawn is not None:
        return replace(drawn, name=name)
    words = view.words
    source = source_line(view, pl.DataFrame())
    return Exhibit(name, words(f"measure.{choice.measure}"), words("builder.split_empty"), source)


def quotable(view: View, exhibit: Exhibit) -> list[dict[str, Any]]:
    """The newest statement of each series or part that an exhibit draws, as rows for `sentences.quote`."""
    if exhibit.frame.height:
        return latest.newest(view, exhibit.frame.sort("as_of"))
    if exhibit.figure is None:
        return []
    carried = {row[1] for trace in exhibit.figure.data for row in trace.customdata or () if row}
    found = queries.named_claims(view.build, view.situation_id, tuple(sorted(filter(None, carried))))
    return found.sort("as_of", "claim_id").group_by("breakdown", maintain_order=True).last().to_dicts()
