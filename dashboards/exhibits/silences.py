"""Who has fallen silent: for each organisation the days of its figures, and how long ago the last one was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.charts.strips import TimeSpan, draw_axis, draw_ticks, find_colour
from dashboards.metrics.headline import find_headlines, list_freshness
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View

LEAST_DAYS: Final = 3  # with figures: fewer show no rhythm
MOST_SHOWN: Final = 8
LAST_TICK: Final = 92  # percent of the width: a name farther right would be cut


@dataclass(frozen=True)
class Silence:
    """One organisation of the strip, in words, with its drawing."""

    name: str
    said: str  # the whole line as a sentence, for who does not see the drawing
    age: str
    drawing: str


@dataclass(frozen=True)
class Silences:
    """The strip: its lines, shortest silence first, the months of its axis, how many others there are."""

    lines: tuple[Silence, ...]
    ticks: tuple[tuple[float, str], ...]  # where a month starts, in percent of the width, and its name
    others: int

    @property
    def axis(self) -> str:
        """The names of the months as a drawing."""
        return draw_axis(self.ticks)


@remember
def list_silences(view: View, themed: bool = True) -> Silences:
    """The organisations with most days of figures; `themed` drawings bring their colours with them."""
    span = TimeSpan(find_headlines(view).since, view.today)
    within = {"since": span.since, "until": span.until, "least": LEAST_DAYS, "most": MOST_SHOWN}
    found = database.ask(view.build, "days_with_figures", situation=view.situation_id, **within)
    own: dict[str, list[date]] = {}
    for organisation, day in found.iter_rows():
        own.setdefault(organisation, []).append(day)
    shown = sorted(own, key=lambda each: (-own[each][-1].toordinal(), each))
    lines = tuple(_make_line(view, each, own[each], span, themed) for each in shown)
    return Silences(lines, _list_ticks(view, span), len(list_freshness(view)) - len(lines))


def _make_line(view: View, organisation: str, days: Sequence[date], span: TimeSpan, themed: bool) -> Silence:
    words, name, age = view.words, view.names[organisation], view.age_in_days(days[-1])
    facts = {"since": words.day(span.since), "day": words.day(days[-1]), "age": age}
    role = series.read_roles(view.build, view.situation_id)[organisation]
    colour = find_colour(role, organisation == view.situation.primary_organisation)
    return Silence(
        name,
        words.plural("today.silence_line", len(days), organisation=name, **facts),
        words.days((view.today - days[-1]).days),
        draw_ticks(days, span, colour, themed=themed),
    )


def _list_ticks(view: View, span: TimeSpan) -> tuple[tuple[float, str], ...]:
    """Every second month, January as its year; of a longer time the years."""
    months = (span.until.year - span.since.year) * 12 + span.until.month - span.since.month
    every = 2 if months <= 15 else 12
    firsts = [
        date(year, month, 1)
        for year in range(span.since.year, span.until.year + 1)
        for month in range(1, 13, every)
    ]
    shown = [day for day in firsts if span.since <= day <= span.until and span.share(day) < LAST_TICK]
    return tuple((span.share(day), _name_tick(view, day, every)) for day in shown)


def _name_tick(view: View, day: date, every: int) -> str:
    step = "y" if every > 2 or day.month == 1 else "MMM"
    return view.words.tick(day, step)
