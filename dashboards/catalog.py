"""Every chart by its name: for the command line, files and the static site, each with its usual choices.

A name is stable and the same in every language; what a chart holds comes from the view. A name whose chart
has nothing to show in a situation is still a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from dashboards import (
    announced,
    breakdown_chart,
    breakdowns,
    breaks,
    bridges,
    changed,
    choices,
    contradictions,
    exhibits,
    gaps,
    roles,
)
from dashboards import outlook_exhibits as outlook
from dashboards import pace_exhibits as pace
from dashboards.exhibits import Exhibit
from dashboards.view import View
from pipelines.model import Kind, Measure


class UnknownChartError(KeyError):
    """No chart has this name; the message lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Chart:
    """A chart that can be asked for by name, and the page that shows it."""

    name: str
    page: str
    draw: Callable[[View], Exhibit | None]


def _over_time(measure: Measure, view: View) -> Exhibit | None:
    """One measure over time, with what the progress page chooses when the address says nothing."""
    heads = choices.heads_of(view, (measure,))
    if heads.is_empty():
        return None
    primary = view.situation.primary_organisation
    organisations = choices.default_organisations(heads, primary)
    starts = (
        choices.default_baselines(heads, organisations, view.situation)
        if measure is Measure.RELEASED_TO_DATE
        else []
    )
    since, until = choices.days(view, heads)[2]
    kinds = tuple(kind for kind in choices.event_kinds(view) if kind in exhibits.MAIN_EVENTS)
    days = tuple(choices.baseline_day(start) for start in starts)
    return exhibits.progress(view, measure, tuple(organisations), days, since, until, kinds)


def _first_bridge(view: View) -> Exhibit | None:
    ways = bridges.ways(view)
    return bridges.exhibit(view, ways[0]) if ways else None


def _division(draw: Callable[[View, str], Exhibit | None], choice: str, view: View) -> Exhibit | None:
    return draw(view, choice)


CHARTS: Final = (
    Chart("overview", "overview", exhibits.overview),
    Chart("held", "progress", partial(_over_time, Measure.IN_CUSTODY)),
    Chart("left-prison", "progress", partial(_over_time, Measure.RELEASED_TO_DATE)),
    Chart("pace-left-prison", "pace", lambda view: pace.intervals(view, Kind.CUMULATIVE)),
    Chart("pace-held", "pace", lambda view: pace.intervals(view, Kind.STOCK)),
    Chart("pace-windows", "pace", pace.windows),
    Chart("before-and-after", "pace", pace.before_and_after),
    Chart("outlook-held", "pace", lambda view: outlook.ahead(view, Kind.STOCK)),
    Chart("outlook-left-prison", "pace", lambda view: outlook.ahead(view, Kind.CUMULATIVE)),
    Chart("track-record", "pace", outlook.record),
    Chart("announcements", "compare", announced.announcements),
    Chart("releases-by-role", "compare", roles.exhibit),
    Chart("gaps", "compare", lambda view: gaps.exhibit(view, True, None, 1)),
    Chart("not-comparable", "compare", lambda view: gaps.exhibit(view, False, None, 1)),
    Chart("bands", "compare", announced.bands),
    Chart("revolving-door", "compare", announced.revolving_door),
    Chart("breaks", "parts", breaks.exhibit),
    Chart("contradictions", "doubts", contradictions.as_csv),
    Chart("bridge", "doubts", _first_bridge),
    Chart("bridges", "doubts", bridges.listing),
    Chart("revisions", "doubts", changed.revisions),
    Chart("origins", "doubts", changed.origins),
)


@lru_cache(maxsize=64)
def charts(view: View) -> dict[str, Chart]:
    """Every chart of a situation by name, two more for each division into parts."""
    found = {chart.name: chart for chart in CHARTS}
    for choice in breakdowns.choices(view):
        for over_time, draw in ((False, breakdowns.exhibit), (True, breakdown_chart.exhibit)):
            name = division_name(choice, over_time)
            found[name] = Chart(name, "parts", partial(_division, draw, choice))
    return found


def division_name(choice: str, over_time: bool) -> str:
    """The name of the table of a division into parts, or of its chart over time."""
    name = choice.replace(" ", "-").replace("_", "-").replace(";", "-and-")
    return f"parts-over-time-{name}" if over_time else f"parts-{name}"


def exhibit(view: View, name: str) -> Exhibit | None:
    """A chart's exhibit; None where the situation has nothing for it. Raises UnknownChartError."""
    known = charts(view)
    if name not in known:
        raise UnknownChartError(f"no chart is called {name!r}; there are {', '.join(known)}")
    return known[name].draw(view)


@dataclass(frozen=True)
class Shown:
    """One chart that has something to show, in one language."""

    name: str
    group: str
    exhibit: Exhibit


@lru_cache(maxsize=16)
def shown(view: View) -> tuple[Shown, ...]:
    """Charts that have a picture or a table, in the catalogue's order."""
    found = ((chart, chart.draw(view)) for chart in charts(view).values())
    return tuple(
        Shown(chart.name, chart.page, exhibit)
        for chart, exhibit in found
        if exhibit is not None and (exhibit.figure is not None or exhibit.rows)
    )
