"""Every chart by its name: its page, its usual choices, its exhibit, and what can be asked of it.

A name is stable and the same in every language; what a chart holds comes from the view. A name whose chart
has nothing to show in a situation is still a name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import Final

from dashboards.charts.theme import USUAL
from dashboards.exhibits import (
    announcements,
    before_and_after,
    breakdowns,
    comparison_matrix,
    comparisons,
    contradictions,
    custom_chart,
    default_choices,
    definitions,
    figures_over_time,
    gap_panels,
    outlook_charts,
    pace_charts,
    pace_windows,
    parts_chart,
    reconciliation,
    registers,
    releases_by_role,
    revisions,
    revolving_door,
)
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import labels
from pipelines.core.model import TOTAL, Kind, Measure

NEAREST: Final = 4  # names said where one is unknown


class UnknownChartError(KeyError):
    """No chart has this name; the message says the nearest and how to list all."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Chart:
    """A chart that can be asked for by name, and the page that shows it."""

    name: str
    page: str
    draw: Callable[[View], Exhibit | None]


def _make_over_time(measure: Measure, view: View) -> Exhibit | None:
    """One measure over time, with what the progress page chooses when the address says nothing."""
    heads = default_choices.select_heads(view, (measure,))
    if heads.is_empty():
        return None
    primary = view.situation.primary_organisation
    organisations = default_choices.choose_organisations(heads, primary)
    starts = (
        default_choices.choose_baselines(heads, organisations, view.situation)
        if measure is Measure.RELEASED_TO_DATE
        else []
    )
    since, until = default_choices.choose_days(view, heads)[2]
    kinds = tuple(
        kind for kind in default_choices.list_event_kinds(view) if kind in figures_over_time.MAIN_EVENTS
    )
    days = tuple(labels.parse_baseline(start) for start in starts)
    return figures_over_time.make_progress(view, measure, tuple(organisations), days, since, until, kinds)


def _make_first_reconciliation(view: View) -> Exhibit | None:
    whole = reconciliation.make_whole_way(view)
    if whole is not None:
        return whole
    ways = reconciliation.list_ways(view)
    return reconciliation.make_reconciliation(view, ways[0]) if ways else None


def _make_division(draw: Callable[[View, str], Exhibit | None], choice: str, view: View) -> Exhibit | None:
    return draw(view, choice)


CHARTS: Final = (
    Chart("overview", "overview", figures_over_time.make_overview),
    Chart("held", "progress", partial(_make_over_time, Measure.IN_CUSTODY)),
    Chart("left-prison", "progress", partial(_make_over_time, Measure.RELEASED_TO_DATE)),
    Chart("pace-left-prison", "pace", lambda view: pace_charts.make_intervals(view, Kind.CUMULATIVE)),
    Chart("pace-held", "pace", lambda view: pace_charts.make_intervals(view, Kind.STOCK)),
    Chart("pace-windows", "pace", pace_windows.make_windows),
    Chart("before-and-after", "pace", before_and_after.make_before_and_after),
    Chart("outlook-held", "pace", lambda view: outlook_charts.make_outlook(view, Kind.STOCK)),
    Chart("outlook-left-prison", "pace", lambda view: outlook_charts.make_outlook(view, Kind.CUMULATIVE)),
    Chart("track-record", "pace", outlook_charts.make_track_record),
    Chart("announcements", "compare", announcements.make_announcements),
    Chart("releases-by-role", "compare", releases_by_role.make_releases_by_role),
    Chart("gaps", "compare", gap_panels.make_gaps),
    Chart("not-comparable", "compare", comparison_matrix.make_matrix_exhibit),
    Chart("bands", "compare", registers.make_bands),
    Chart("revolving-door", "compare", revolving_door.make_revolving_door),
    Chart("breaks", "parts", definitions.make_definition_changes),
    Chart("contradictions", "doubts", contradictions.make_contradictions),
    Chart("bridge", "doubts", _make_first_reconciliation),
    Chart("bridges", "doubts", reconciliation.make_newest_ways),
    Chart("revisions", "doubts", revisions.make_revisions),
    Chart("origins", "doubts", revisions.make_origins),
)


@remember
def list_charts(view: View) -> dict[str, Chart]:
    """Every chart of a situation by name, two more for each division into parts."""
    found = {chart.name: chart for chart in CHARTS}
    for choice in breakdowns.list_divisions(view):
        for over_time, draw in (
            (False, breakdowns.make_newest_parts),
            (True, parts_chart.make_parts_over_time),
        ):
            name = name_division_chart(choice, over_time)
            found[name] = Chart(name, "parts", partial(_make_division, draw, choice))
    return found


def name_division_chart(choice: str, over_time: bool) -> str:
    """The name of the table of a division into parts, or of its chart over time."""
    name = choice.replace(" ", "-").replace("_", "-").replace(";", "-and-")
    return f"parts-over-time-{name}" if over_time else f"parts-{name}"


def find_exhibit(view: View, name: str) -> Exhibit | None:
    """A chart's exhibit; None where the situation has nothing for it. Raises UnknownChartError."""
    known = list_charts(view)
    if name not in known:
        nearest = ", ".join(get_close_matches(name, known, NEAREST, cutoff=0))
        raise UnknownChartError(
            f"no chart is called {name!r}; nearest: {nearest}; "
            f"`python -m dashboards chart --list` prints all {len(known)}"
        )
    return known[name].draw(view)


@dataclass(frozen=True)
class Shown:
    """One chart that has something to show, in one language; `draw_shown` gives what it holds."""

    name: str
    group: str
    title: str
    has_picture: bool


@remember
def list_shown(view: View) -> tuple[Shown, ...]:
    """Charts that have a picture or a table, in the catalogue's order."""
    return tuple(chart for chart, _ in draw_shown(view))


def draw_shown(view: View) -> Iterator[tuple[Shown, Exhibit]]:
    """The same with their exhibits, one drawn after the other: all at once are 2 MB for each chart."""
    for chart in list_charts(view).values():
        exhibit = chart.draw(view)
        if exhibit is not None and (exhibit.figure is not None or exhibit.rows):
            yield Shown(chart.name, chart.page, exhibit.title, exhibit.figure is not None), exhibit


BUILDER: Final = "builder"
Options = tuple[tuple[str, str], ...]


class UnknownOptionError(ValueError):
    """A chart was asked for with something that it does not know; the message says what."""


def answer_request(
    view: View, chart: str, options: Iterable[tuple[str, str]] = ()
) -> tuple[Exhibit | None, ChartRequest]:
    """The exhibit, None where the situation has nothing for it, and how to ask for it again.

    Raises UnknownChartError, custom_chart.UnknownChoiceError, UnknownOptionError.
    """
    chosen = tuple(options)
    if chart == BUILDER:
        choice = custom_chart.parse_choice(view, chosen)
        return custom_chart.make_custom_chart(view, choice), make_custom_request(view, choice)
    if not chosen:
        return find_exhibit(view, chart), ChartRequest(chart)
    return _make_narrowed(view, chart, dict(chosen)), ChartRequest(chart, chosen)


def make_custom_request(view: View, choice: custom_chart.Choice) -> ChartRequest:
    """How to ask for what the builder made."""
    options = tuple(custom_chart.make_pairs(choice))
    here = (("situation", view.situation_id), ("lang", view.language))
    return ChartRequest(BUILDER, options, page=BUILDER, shown=(*here, *options))


def make_request_over_time(
    view: View,
    measure: Measure,
    organisations: Sequence[str],
    starts: Sequence[str],
    span: tuple[date, date],
    events: Sequence[str],
    figures: str = custom_chart.FIGURES[0],
) -> ChartRequest | None:
    """How to ask the builder for a series over time that a page shows; None where there is nothing of it."""
    can = custom_chart.find_offer(view, measure, TOTAL)
    if can is None:
        return None
    choice = custom_chart.Choice(
        measure,
        tuple(each for each in can.organisations if each in organisations),
        tuple(each for each in can.starts if each in starts),
        TOTAL,
        *span,
        tuple(events),
        USUAL,
        figures=figures,
    )
    return make_custom_request(view, choice)


def _make_narrowed(view: View, chart: str, options: dict[str, str]) -> Exhibit | None:
    """A chart of which a page shows a part that its reader chose."""
    if chart == "bridge" and options.keys() == {"way"} and options["way"] in reconciliation.list_ways(view):
        return reconciliation.make_reconciliation(view, options["way"])
    if chart in ("gaps", "not-comparable") and options.keys() <= {"day", "page"}:
        day, page = options.get("day"), options.get("page", "1")
        if (
            (day is None or day in comparisons.list_days(view))
            and page.isdecimal()
            and 0 < int(page) < 10_000
        ):
            return comparisons.make_comparison(view, chart == "gaps", day, int(page))
    raise UnknownOptionError(
        f"{chart} has no {', '.join(f'{key}={value[:64]}' for key, value in options.items())}"
    )
