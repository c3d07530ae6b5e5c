"""What a page is drawn for: one build, one situation, one language, one day. Part of every cache key."""

from dataclasses import dataclass
from datetime import date

from dashboards import queries
from dashboards.words import Words, words_of
from pipelines.model import Measure
from pipelines.published import Build
from pipelines.situation import Situation


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
        return words_of(self.language)

    @property
    def situation(self) -> Situation:
        """The situation's own settings."""
        return next(each for each in queries.situations(self.build) if each.id == self.situation_id)

    @property
    def names(self) -> dict[str, str]:
        """Organisation → name."""
        return queries.organisation_names(self.build, self.situation_id)

    def population(self, measure: Measure) -> str:
        """Whom the situation counts under a measure."""
        return self.situation.measure_populations.get(measure, self.situation.default_population)
