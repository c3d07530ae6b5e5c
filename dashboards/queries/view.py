"""What a page is drawn for: one build, one situation, one language, one day. Part of every cache key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
    today: date  # or the day that `known_on` goes back to
    known_on: date | None = None  # what was known then; None is all that is known

    @property
    def words(self) -> Words:
        """The words of the view's language."""
        return read_words(self.language)

    @property
    def situation(self) -> Situation:
        """The situation's own settings."""
        return next(each for each in database.read_situations(self.build) if each.id == self.situation_id)

    @property
    def names(self) -> Mapping[str, str]:
        """Organisation → name."""
        return series.read_organisation_names(self.build, self.situation_id)

    @property
    def publishers(self) -> Mapping[str, str]:
        """Publisher → name, of all that carried a figure of the situation."""
        return series.read_publisher_names(self.build, self.situation_id, self.language)

    def publisher(self, publisher: str) -> str:
        """The name that readers see of a publisher: its own where none is given beside the figures."""
        return self.publishers.get(publisher, publisher)

    def population(self, measure: Measure) -> str:
        """Whom the situation counts under a measure."""
        return self.situation.measure_populations.get(measure, self.situation.default_population)


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
    return View(build, found.id, language, known_on or database.find_today(found.timezone), known_on)


def make_claim_address(view: View, claim_id: str) -> str:
    """The address of one claim within the app."""
    return f"claims?situation={view.situation_id}&lang={view.language}&claim={claim_id}"


def make_figure_link(view: View, figure: str) -> str:
    """The permanent link of a figure as today's build shows it, within the app."""
    chosen = {
        "figure": figure,
        "build": view.build.id,
        "situation": view.situation_id,
        "lang": view.language,
    }
    return f"figure?{urlencode(chosen)}"
