"""From a chart's name and what was chosen to its exhibit: for files, addresses, commands and verify."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from dashboards import bridges, builder, builder_address, builder_charts, catalog, gaps
from dashboards.exhibits import Exhibit
from dashboards.exports.imprint import Origin
from dashboards.exports.sizes import USUAL
from dashboards.view import View
from pipelines.model import TOTAL, Measure

BUILDER: Final = "builder"
Options = tuple[tuple[str, str], ...]


class UnknownOptionError(ValueError):
    """A chart was asked for with something that it does not know; the message says what."""


def asked(view: View, chart: str, options: Iterable[tuple[str, str]] = ()) -> tuple[Exhibit | None, Origin]:
    """The exhibit, None where the situation has nothing for it, and how to ask for it again.

    Raises catalog.UnknownChartError, builder.UnknownChoiceError, UnknownOptionError.
    """
    chosen = tuple(options)
    if chart == BUILDER:
        choice = builder_address.parse(view, chosen)
        return builder_charts.exhibit(view, choice), built(view, choice)
    if not chosen:
        return catalog.exhibit(view, chart), Origin(chart)
    return _narrowed(view, chart, dict(chosen)), Origin(chart, chosen)


def built(view: View, choice: builder.Choice) -> Origin:
    """How to ask for what the builder made."""
    options = tuple(builder_address.pairs(choice))
    here = (("situation", view.situation_id), ("lang", view.language))
    return Origin(BUILDER, options, page=BUILDER, shown=(*here, *options))


def over_time(
    view: View,
    measure: Measure,
    organisations: Sequence[str],
    starts: Sequence[str],
    span: tuple[date, date],
    events: Sequence[str],
) -> Origin | None:
    """How to ask the builder for a series over time that a page shows; None where there is nothing of it."""
    can = builder.offer(view, measure, TOTAL)
    if can is None:
        return None
    choice = builder.Choice(
        measure,
        tuple(each for each in can.organisations if each in organisations),
        tuple(each for each in can.starts if each in starts),
        TOTAL,
        *span,
        tuple(events),
        USUAL,
    )
    return built(view, choice)


def _narrowed(view: View, chart: str, options: dict[str, str]) -> Exhibit | None:
    """A chart of which a page shows a part that its reader chose."""
    if chart == "bridge" and options.keys() == {"way"} and options["way"] in bridges.ways(view):
        return bridges.exhibit(view, options["way"])
    if chart in ("gaps", "not-comparable") and options.keys() <= {"day", "page"}:
        day, page = options.get("day"), options.get("page", "1")
        if (day is None or day in gaps.days(view)) and page.isdecimal() and 0 < int(page) < 10_000:
            return gaps.exhibit(view, chart == "gaps", day, int(page))
    raise UnknownOptionError(
        f"{chart} has no {', '.join(f'{key}={value[:64]}' for key, value in options.items())}"
    )
