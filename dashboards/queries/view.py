"""What a page is drawn for: one build, one situation, one language, one day. Part of every cache key."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from dashboards.i18n.translations import Words, read_words
from dashboards.queries import database, series
from pipelines.core.model import Measure
from pipelines.core.situation import Situation
from pipelines.warehouse.published_build import Build

LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"  # of all that is published


class UnknownSituationError(KeyError):
    """The build has no situation of this name; the message lists those that it has."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class View:
    """One way of looking at the build; hashable."""

    build: Build
    situation_id: str
    language: str
    today: date  # or the day gone back to, which is what pages say
    known_on: date | None = None  # what is asked for: the day that `go_back` finds; None is all that is known

    @property
    def words(self) -> Words:
        """The words of the view's language, with the situation's own where it gives some."""
        return _read_own_words(self.build, self.situation_id, self.language)

    @property
    def situation(self) -> Situation:
        """The situation's own settings."""
        return next(each for each in database.read_situations(self.build) if each.id == self.situation_id)

    @property
    def names(self) -> Mapping[str, str]:
        """Organisation → name."""
        return series.read_organisation_names(self.build, self.situation_id, self.language)

    @property
    def publishers(self) -> Mapping[str, str]:
        """Publisher → name, of all that carried a figure of the situation."""
        return series.read_publisher_names(self.build, self.situation_id, self.language)

    def age(self, day: date) -> str:
        """How long ago a day was; of a day gone back to, that it was that very day."""
        if self.known_on is not None and day >= self.today:
            return self.words("age.that_day")
        return self.words.age(day, self.today)

    def age_in_days(self, day: date) -> str:
        """The same in days: hace 114 días."""
        days = (self.today - day).days
        return self.words.plural("age.days", days) if days > 0 else self.age(day)

    def publisher(self, publisher: str) -> str:
        """The name that readers see of a publisher: its own where none is given beside the figures."""
        return self.publishers.get(publisher, publisher)

    def population(self, measure: Measure) -> str:
        """Whom the situation counts under a measure."""
        return self.situation.measure_populations.get(measure, self.situation.default_population)


@lru_cache(maxsize=256)
def _read_own_words(build: Build, situation_id: str, language: str) -> Words:
    words = read_words(language)
    known = {each.id: each for each in database.read_situations(build)}
    return words.of_situation(known[situation_id]) if situation_id in known else words


def open_view(situation: str | None, language: str, known_on: date | None = None) -> View:
    """A view of the published build, outside a page: for the command line and the static site.

    `situation` None is the first of the build. Raises published_build.NoBuildError, UnknownSituationError.
    """
    build = database.find_current_build()
    situations = database.read_situations(build)
    found = next((each for each in situations if situation in (None, each.id)), None)
    if found is None:
        known = ", ".join(each.id for each in situations)
        raise UnknownSituationError(f"no situation is called {situation!r}; the build has {known}")
    view = View(build, found.id, language, database.find_today(found.timezone))
    return view if known_on is None else go_back(view, known_on)


def go_back(view: View, day: date) -> View:
    """The view of a day in the past.

    What was known then was known since something was last published: every day until the next publication
    asks the same of the build, so that answers are made once. How old figures were is counted from the day.
    """
    days = database.list_days_of_change(view.build, view.situation_id)
    before = bisect_right(days, day)
    if not days:
        return replace(view, today=day, known_on=day)
    known_on = days[before - 1] if before else days[0] - timedelta(days=1)
    return replace(view, today=day, known_on=known_on)


def list_days(view: View) -> tuple[tuple[str, date], ...]:
    """Each situation with its own day now, or the day that the view goes back to."""
    return tuple(
        (each.id, view.today if view.known_on else database.find_today(each.timezone))
        for each in database.read_situations(view.build)
    )


def make_claim_address(view: View, claim_id: str) -> str:
    """The address of one claim within the app."""
    return f"claims?situation={view.situation_id}&lang={view.language}&claim={claim_id}"


def make_figure_link(view: View, figure: str, build: str | None = None) -> str:
    """The permanent link of a figure as a build shows it, within the app; None is today's build."""
    chosen = {
        "figure": figure,
        "build": build or view.build.id,
        "situation": view.situation_id,
        "lang": view.language,
    }
    return f"figure?{urlencode(chosen)}"
